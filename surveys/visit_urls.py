"""Addresses of mystery visits; part of surveys/urls.py."""

from django.urls import path

from surveys.views import visit, visits

urlpatterns = [
    path("waves/<int:wave_id>/visits/", visits.index, name="visits"),
    path("waves/<int:wave_id>/visits.csv", visits.export, name="visits_csv"),
    path("waves/<int:wave_id>/visits/plan/", visits.plan, name="visit_plan"),
    path("waves/<int:wave_id>/visits/paste/", visits.paste, name="visits_paste"),
    path("waves/<int:wave_id>/visits/weights/", visits.weights, name="visit_weights"),
    path("shoppers/<int:shopper_id>/erase/", visits.shopper_erase, name="shopper_erase"),
    path("visits/<int:visit_id>/", visit.visit, name="visit"),
    path("visits/<int:visit_id>/change/", visit.change, name="visit_change"),
    path("visits/<int:visit_id>/fill/", visit.fill, name="visit_fill"),
    path("visits/<int:visit_id>/review/", visit.review, name="visit_review"),
    path("visits/<int:visit_id>/unreview/", visit.unreview, name="visit_unreview"),
    path("visits/<int:visit_id>/renew/", visit.renew, name="visit_renew"),
    path("visits/<int:visit_id>/delete/", visit.delete, name="visit_delete"),
    path("visits/<int:visit_id>/photos/", visit.photo_add, name="visit_photo_add"),
    path("visit-photos/<int:photo_id>/", visit.photo, name="visit_photo"),
    path("visit-photos/<int:photo_id>/remove/", visit.photo_remove, name="visit_photo_remove"),
]
