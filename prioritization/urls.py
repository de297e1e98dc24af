from django.urls import path

from prioritization.views import matrix, overview, reports

app_name = "prioritization"
urlpatterns = [
    path("cycles/<int:cycle_id>/overview/", overview.overview, name="overview"),
    path("cycles/<int:cycle_id>/matrix/", matrix.matrix, name="matrix"),
    path("cycles/<int:cycle_id>/reports/", reports.reports, name="reports"),
]
