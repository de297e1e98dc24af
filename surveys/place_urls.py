"""Addresses about links for whoever comes by; part of surveys/urls.py."""

from django.urls import path

from surveys.views import places

urlpatterns = [
    path("waves/<int:wave_id>/places/", places.index, name="places"),
    path("waves/<int:wave_id>/places/add/", places.add, name="place_add"),
    path("waves/<int:wave_id>/places/sheets/", places.sheets, name="place_sheets"),
    path("places/<int:open_link_id>/change/", places.change, name="place_change"),
    path("places/<int:open_link_id>/revoke/", places.revoke, name="place_revoke"),
    path("places/<int:open_link_id>/renew/", places.renew, name="place_renew"),
    path("places/<int:open_link_id>/qr.svg", places.qr_svg, name="place_qr_svg"),
    path("places/<int:open_link_id>/qr.png", places.qr_png, name="place_qr_png"),
    path("places/<int:open_link_id>/sheet/", places.sheet, name="place_sheet"),
]
