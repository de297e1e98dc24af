"""Addresses about the contacts of a client; part of surveys/urls.py."""

from django.urls import path

from surveys.views import contact_lists, contacts, segments

urlpatterns = [
    path("clients/<int:client_id>/contacts/", contacts.index, name="contacts"),
    path("clients/<int:client_id>/contacts/add/", contacts.add, name="contact_add"),
    path("clients/<int:client_id>/contacts/import/", contact_lists.give, name="contact_lists"),
    path("contacts/<int:contact_id>/", contacts.edit, name="contact"),
    path("contacts/<int:contact_id>/opt-out/", contacts.opt_out, name="contact_opt_out"),
    path("contacts/<int:contact_id>/erase/", contacts.erase, name="contact_erase"),
    path("contact-lists/<int:list_id>/", contact_lists.page, name="contact_list"),
    path("contact-lists/<int:list_id>/columns/", contact_lists.columns, name="contact_list_columns"),
    path("contact-lists/<int:list_id>/discard/", contact_lists.discard, name="contact_list_discard"),
    path("clients/<int:client_id>/segments/", segments.index, name="segments"),
    path("clients/<int:client_id>/segments/new/", segments.new, name="segment_new"),
    path("clients/<int:client_id>/segments/count/", segments.count, name="segment_count"),
    path("segments/<int:segment_id>/", segments.edit, name="segment"),
    path("segments/<int:segment_id>/delete/", segments.delete, name="segment_delete"),
    path("segments/<int:segment_id>/restore/", segments.restore, name="segment_restore"),
    path("waves/<int:wave_id>/recipients/segment/", segments.give, name="recipients_segment"),
]
