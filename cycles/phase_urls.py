"""Address of the phases around the transaction."""

from django.urls import path

from cycles.views import phases

urlpatterns = [path("cycles/<int:cycle_id>/phases/", phases.phases, name="phases")]
