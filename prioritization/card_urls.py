"""Addresses of the report card and its thresholds."""

from django.urls import path

from prioritization.views import report_card

urlpatterns = [
    path("cycles/<int:cycle_id>/report-card/", report_card.report_card, name="report_card"),
    path("cycles/<int:cycle_id>/report-card/table.csv", report_card.report_card_csv, name="report_card_csv"),
    path("cycles/<int:cycle_id>/report-card/grades/", report_card.grades, name="grades"),
    path("cycles/<int:cycle_id>/report-card/grades/usual/", report_card.grades_usual, name="grades_usual"),
]
