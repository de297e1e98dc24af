"""Addresses of what is kept of a cycle: its history, its versions, templates made of it."""

from django.urls import path

from cycles.views import history

urlpatterns = [
    path("cycles/<int:cycle_id>/history/", history.history, name="history"),
    path(
        "cycles/<int:cycle_id>/history/<slug:kind>/<int:entry_id>/restore/",
        history.history_restore,
        name="history_restore",
    ),
]
