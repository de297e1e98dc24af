"""Addresses of what is kept of a cycle: its history, its versions, templates made of it."""

from django.urls import path

from cycles.views import history, template, version

urlpatterns = [
    path("cycles/<int:cycle_id>/history/", history.history, name="history"),
    path(
        "cycles/<int:cycle_id>/history/<slug:kind>/<int:entry_id>/restore/",
        history.history_restore,
        name="history_restore",
    ),
    path("cycles/<int:cycle_id>/versions/", version.versions, name="versions"),
    path("cycles/<int:cycle_id>/versions/new/", version.version_add, name="version_add"),
    path("cycles/<int:cycle_id>/versions/compare/", version.compare, name="compare"),
    path("cycles/<int:cycle_id>/copy/", version.cycle_copy, name="copy"),
    path("versions/<int:version_id>/copy/", version.version_copy, name="version_copy"),
    path("versions/<int:version_id>/delete/", version.version_delete, name="version_delete"),
    path("versions/<int:version_id>/restore/", version.version_restore, name="version_restore"),
    path("cycles/<int:cycle_id>/template/", template.template_save, name="template_save"),
    path("cycles/<int:cycle_id>/library/", template.moments_library, name="moments_library"),
    path("cycles/<int:cycle_id>/library/insert/", template.moment_insert, name="moment_insert"),
    path("templates/", template.templates, name="templates"),
    path("templates/<int:template_id>/", template.template_rename, name="template_rename"),
    path("templates/<int:template_id>/delete/", template.template_delete, name="template_delete"),
    path("templates/<int:template_id>/restore/", template.template_restore, name="template_restore"),
]
