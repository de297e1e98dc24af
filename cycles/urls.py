from django.urls import path

from cycles import views

app_name = "cycles"
urlpatterns = [
    path("cycles/<int:cycle_id>/", views.map_page, name="map"),
    path("cycles/<int:cycle_id>/requirements/", views.requirements, name="requirements"),
    path("cycles/<int:cycle_id>/plan/", views.plan, name="plan"),
]
