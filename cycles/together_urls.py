"""Addresses of working together: what moved, who is here, what is said."""

from django.urls import path

from cycles.views import together

urlpatterns = [
    path("cycles/<int:cycle_id>/pulse/", together.pulse, name="pulse"),
    path("cycles/<int:cycle_id>/people/", together.people, name="people"),
]
