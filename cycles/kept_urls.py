"""Addresses of what is kept of a cycle: its history, its versions, templates made of it."""

from django.urls import path

from cycles.views import history, version

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
]
