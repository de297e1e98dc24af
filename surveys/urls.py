from django.urls import path

from surveys import contact_urls, place_urls
from surveys.views import campaign, extra, languages, look, recipients, sending, survey, waves

app_name = "surveys"
urlpatterns = [
    *contact_urls.urlpatterns,
    *place_urls.urlpatterns,
    path("cycles/<int:cycle_id>/survey/", survey.survey, name="survey"),
    path("cycles/<int:cycle_id>/survey/draft/", survey.draft, name="draft"),
    path("surveys/<int:survey_id>/settings/", survey.settings_change, name="settings"),
    path("surveys/<int:survey_id>/questions/", survey.questions_change, name="questions"),
    path("surveys/<int:survey_id>/extra/", extra.add, name="extra_add"),
    path("surveys/<int:survey_id>/extra/restore/", extra.restore, name="extra_restore"),
    path("extra/<int:question_id>/change/", extra.change, name="extra_change"),
    path("extra/<int:question_id>/move/", extra.move, name="extra_move"),
    path("extra/<int:question_id>/delete/", extra.delete, name="extra_delete"),
    path("surveys/<int:survey_id>/preview/", look.preview, name="preview"),
    path("surveys/<int:survey_id>/look/", look.look, name="look"),
    path("surveys/<int:survey_id>/copy/", survey.copy, name="copy"),
    path("surveys/<int:survey_id>/languages/", languages.languages, name="languages"),
    path("surveys/<int:survey_id>/languages/add/", languages.add, name="language_add"),
    path("surveys/<int:survey_id>/languages/<str:language>/", languages.texts, name="language"),
    path("surveys/<int:survey_id>/languages/<str:language>/save/", languages.save, name="language_save"),
    path(
        "surveys/<int:survey_id>/languages/<str:language>/remove/", languages.remove, name="language_remove"
    ),
    path("surveys/<int:survey_id>/next-wave/", waves.next_wave, name="next_wave"),
    path("waves/<int:wave_id>/", waves.wave, name="wave"),
    path("waves/<int:wave_id>/change/", waves.change, name="wave_change"),
    path("waves/<int:wave_id>/open/", waves.open_wave, name="open"),
    path("waves/<int:wave_id>/close/", waves.close, name="close"),
    path("waves/<int:wave_id>/funnel/", sending.funnel, name="funnel"),
    path("waves/<int:wave_id>/recipients/list/", recipients.give, name="recipients_give"),
    path("waves/<int:wave_id>/recipients/columns/", recipients.mapping, name="recipients_mapping"),
    path("waves/<int:wave_id>/recipients/discard/", recipients.discard, name="recipients_discard"),
    path("waves/<int:wave_id>/recipients/again/", recipients.again, name="recipients_again"),
    path(
        "waves/<int:wave_id>/recipients/<int:contact_id>/remove/",
        recipients.remove,
        name="recipient_remove",
    ),
    path("waves/<int:wave_id>/message/", campaign.message, name="message"),
    path("waves/<int:wave_id>/message/preview/", campaign.message_preview, name="message_preview"),
    path("waves/<int:wave_id>/message/test/", campaign.test, name="message_test"),
    path("waves/<int:wave_id>/plan/", sending.plan, name="plan"),
    path("waves/<int:wave_id>/schedule/", sending.schedule, name="schedule"),
    path("waves/<int:wave_id>/schedule/cancel/", sending.unschedule, name="unschedule"),
    path("waves/<int:wave_id>/reminders/", sending.reminders, name="reminders"),
    path("waves/<int:wave_id>/capped/", sending.capped, name="capped"),
    path("waves/<int:wave_id>/start/", campaign.start, name="start"),
    path("waves/<int:wave_id>/pause/", campaign.pause, name="pause"),
    path("waves/<int:wave_id>/resume/", campaign.resume, name="resume"),
    path("waves/<int:wave_id>/cancel/", campaign.cancel, name="cancel"),
    path("waves/<int:wave_id>/requeue/", campaign.requeue, name="requeue"),
    path("mails/<int:mail_id>/again/", campaign.mail_again, name="mail_again"),
    path("mails/<int:mail_id>/leave/", campaign.mail_leave, name="mail_leave"),
]
