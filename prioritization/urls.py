from django.urls import include, path

from prioritization import action_urls
from prioritization.views import four_views, matrix, overview, planner, ratings_import, reports, results, snapshot

app_name = "prioritization"
urlpatterns = [
    path("cycles/<int:cycle_id>/overview/", overview.overview, name="overview"),
    path("cycles/<int:cycle_id>/views/", four_views.views, name="views"),
    path("moments/<int:moment_id>/views/", four_views.moment_views, name="moment_views"),
    *action_urls.patterns,
    path("cycles/<int:cycle_id>/matrix/", matrix.matrix, name="matrix"),
    path("cycles/<int:cycle_id>/matrix/live/", matrix.matrix_live, name="matrix_live"),
    path("cycles/<int:cycle_id>/matrix/table.csv", matrix.matrix_csv, name="matrix_csv"),
    path("cycles/<int:cycle_id>/matrix/depth/", matrix.matrix_depth, name="matrix_depth"),
    path("cycles/<int:cycle_id>/matrix/chart.svg", matrix.matrix_svg, name="matrix_svg"),
    path("cycles/<int:cycle_id>/matrix/chart.png", matrix.matrix_png, name="matrix_png"),
    path("cycles/<int:cycle_id>/matrix/snapshots/", snapshot.snapshots, name="snapshots"),
    path("cycles/<int:cycle_id>/matrix/freeze/", snapshot.snapshot_freeze, name="snapshot_freeze"),
    path("snapshots/<int:snapshot_id>/", snapshot.snapshot, name="snapshot"),
    path("snapshots/<int:snapshot_id>/delete/", snapshot.snapshot_delete, name="snapshot_delete"),
    path("snapshots/<int:snapshot_id>/restore/", snapshot.snapshot_restore, name="snapshot_restore"),
    path("", include("prioritization.card_urls")),
    path("cycles/<int:cycle_id>/results/", results.results, name="results"),
    path("waves/<int:wave_id>/answers.csv", results.results_csv, name="results_csv"),
    path("waves/<int:wave_id>/answers.xlsx", results.results_xlsx, name="results_xlsx"),
    path("answers/<int:response_id>/tag/", results.comment_tag, name="comment_tag"),
    path("answers/<int:response_id>/untag/", results.comment_untag, name="comment_untag"),
    path("cycles/<int:cycle_id>/reports/", reports.reports, name="reports"),
    path("cycles/<int:cycle_id>/reports/new/", reports.report_ask, name="report_ask"),
    path("reports/<int:report_id>/progress/", reports.report_progress, name="report_progress"),
    path("reports/<int:report_id>/cancel/", reports.report_cancel, name="report_cancel"),
    path("reports/<int:report_id>/retry/", reports.report_retry, name="report_retry"),
    path("reports/<int:report_id>/download/", reports.report_download, name="report_download"),
    path("cycles/<int:cycle_id>/sample/", planner.planner, name="planner"),
    path("cycles/<int:cycle_id>/import/", ratings_import.imports, name="imports"),
    path("cycles/<int:cycle_id>/import/file/", ratings_import.import_give, name="import_give"),
    path("imports/<int:import_id>/", ratings_import.import_page, name="import"),
    path("imports/<int:import_id>/columns/", ratings_import.import_columns, name="import_columns"),
    path("imports/<int:import_id>/remove/", ratings_import.import_remove, name="import_remove"),
]
