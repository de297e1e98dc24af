from django.urls import path

from prioritization import views

app_name = "prioritization"
urlpatterns = [
    path("cycles/<int:cycle_id>/overview/", views.overview, name="overview"),
    path("cycles/<int:cycle_id>/matrix/", views.matrix, name="matrix"),
    path("cycles/<int:cycle_id>/reports/", views.reports, name="reports"),
]
