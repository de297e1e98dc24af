"""Addresses of the assessments of maturity."""

from django.urls import path

from cycles.views import maturity

urlpatterns = [
    path("cycles/<int:cycle_id>/maturity/", maturity.maturity, name="maturity"),
    path("cycles/<int:cycle_id>/maturity/new/", maturity.maturity_add, name="maturity_add"),
    path("cycles/<int:cycle_id>/maturity/assessments.json", maturity.maturity_json, name="maturity_json"),
    path("assessments/<int:assessment_id>/", maturity.assessment, name="assessment"),
    path("assessments/<int:assessment_id>/delete/", maturity.assessment_delete, name="assessment_delete"),
    path("assessments/<int:assessment_id>/restore/", maturity.assessment_restore, name="assessment_restore"),
]
