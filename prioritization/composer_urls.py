"""Composing a report: part of `prioritization`'s addresses."""

from django.urls import path

from prioritization.views import composer, one_page, presets, quoting

urlpatterns = [
    path("cycles/<int:cycle_id>/reports/compose/", composer.compose, name="report_compose"),
    path("cycles/<int:cycle_id>/reports/compose/draft/", composer.report_draft, name="report_draft"),
    path("cycles/<int:cycle_id>/reports/compose/preview/", composer.report_preview, name="report_preview"),
    path("cycles/<int:cycle_id>/reports/compose/ask/", composer.composed_ask, name="composed_ask"),
    path("cycles/<int:cycle_id>/reports/colours.css", composer.report_colours, name="report_colours"),
    path("cycles/<int:cycle_id>/presets/", presets.preset_save, name="preset_save"),
    path("cycles/<int:cycle_id>/presets/<int:preset_id>/", presets.preset_keep, name="preset_keep"),
    path(
        "cycles/<int:cycle_id>/presets/<int:preset_id>/rename/", presets.preset_rename, name="preset_rename"
    ),
    path(
        "cycles/<int:cycle_id>/presets/<int:preset_id>/delete/", presets.preset_delete, name="preset_delete"
    ),
    path(
        "cycles/<int:cycle_id>/presets/<int:preset_id>/restore/",
        presets.preset_restore,
        name="preset_restore",
    ),
    path("cycles/<int:cycle_id>/report-card/card.pdf", one_page.card_pdf, name="card_pdf"),
    path("service-levels/<int:level_id>/sheet.pdf", one_page.level_pdf, name="level_pdf"),
    path("answers/<int:response_id>/quote/", quoting.comment_quote, name="comment_quote"),
    path("answers/<int:response_id>/unquote/", quoting.comment_unquote, name="comment_unquote"),
]
