"""Addresses of service levels, indicators and their results."""

from django.urls import path

from cycles.views import indicator, measurement, results_import, service_level

urlpatterns = [
    path("cycles/<int:cycle_id>/service-levels/", service_level.service_levels, name="service_levels"),
    path("cycles/<int:cycle_id>/service-levels/add/", service_level.level_add, name="level_add"),
    path("service-levels/<int:level_id>/", service_level.level, name="level"),
    path("service-levels/<int:level_id>/edit/", service_level.level_edit, name="level_edit"),
    path("service-levels/<int:level_id>/delete/", service_level.level_delete, name="level_delete"),
    path("service-levels/<int:level_id>/restore/", service_level.level_restore, name="level_restore"),
    path("service-levels/<int:level_id>/sheet/", service_level.sheet, name="level_sheet"),
    path("service-levels/<int:level_id>/results/", measurement.level_result, name="level_result"),
    path("moments/<int:moment_id>/service-levels/", service_level.moment_levels, name="moment_levels"),
    path(
        "requirements/<int:requirement_id>/service-level/",
        service_level.level_from_requirement,
        name="level_from_requirement",
    ),
    path("cycles/<int:cycle_id>/indicators/", indicator.indicators, name="indicators"),
    path("cycles/<int:cycle_id>/indicators/add/", indicator.indicator_add, name="indicator_add"),
    path("stages/<int:stage_id>/indicators/", indicator.indicator_suggested, name="indicator_suggested"),
    path("indicators/<int:indicator_id>/", indicator.indicator, name="indicator"),
    path("indicators/<int:indicator_id>/edit/", indicator.indicator_edit, name="indicator_edit"),
    path("indicators/<int:indicator_id>/delete/", indicator.indicator_delete, name="indicator_delete"),
    path("indicators/<int:indicator_id>/restore/", indicator.indicator_restore, name="indicator_restore"),
    path("indicators/<int:indicator_id>/results/", measurement.indicator_result, name="indicator_result"),
    path("measurements/<int:measurement_id>/", measurement.measurement_edit, name="measurement_edit"),
    path(
        "measurements/<int:measurement_id>/delete/", measurement.measurement_delete, name="measurement_delete"
    ),
    path(
        "measurements/<int:measurement_id>/restore/",
        measurement.measurement_restore,
        name="measurement_restore",
    ),
    path("cycles/<int:cycle_id>/measurements/import/", results_import.results_file, name="results_file"),
    path(
        "cycles/<int:cycle_id>/measurements/import/columns/",
        results_import.results_import,
        name="results_import",
    ),
]
