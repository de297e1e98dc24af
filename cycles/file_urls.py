from django.urls import path

from cycles.views import exchange

urlpatterns = [
    path("cycles/import/", exchange.import_cycle, name="import_cycle"),
    path("cycles/<int:cycle_id>/files/", exchange.files, name="files"),
    path("cycles/<int:cycle_id>/export.csv", exchange.export_csv, name="export_csv"),
    path("cycles/<int:cycle_id>/export.xlsx", exchange.export_xlsx, name="export_xlsx"),
    path("cycles/<int:cycle_id>/export.json", exchange.export_json, name="export_json"),
    path("cycles/<int:cycle_id>/moments/import/", exchange.import_file, name="import_file"),
    path("cycles/<int:cycle_id>/moments/import/columns/", exchange.import_moments, name="import_moments"),
]
