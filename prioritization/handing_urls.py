"""Handing reports out: every month, at a link, and what customers see of the plan."""

from django.urls import path

from prioritization.views import said, schedules, sharing

patterns = [
    path("cycles/<int:cycle_id>/reports/monthly/", schedules.schedule_new, name="schedule_new"),
    path("schedules/<int:schedule_id>/", schedules.schedule_edit, name="schedule_edit"),
    path("schedules/<int:schedule_id>/pause/", schedules.schedule_pause, name="schedule_pause"),
    path("schedules/<int:schedule_id>/delete/", schedules.schedule_delete, name="schedule_delete"),
    path("reports/<int:report_id>/links/", sharing.share, name="share"),
    path("links/<int:share_id>/close/", sharing.share_revoke, name="share_revoke"),
    path("cycles/<int:cycle_id>/you-said/", said.said_index, name="said"),
    path("cycles/<int:cycle_id>/you-said/words/", said.said_intro, name="said_intro"),
    path("cycles/<int:cycle_id>/you-said/open/", said.said_publish, name="said_publish"),
    path("cycles/<int:cycle_id>/you-said/close/", said.said_close, name="said_close"),
    path("actions/<int:action_id>/quotes/", said.said_quotes, name="said_quotes"),
    path("quotes/<int:quote_id>/remove/", said.said_unquote, name="said_unquote"),
]
