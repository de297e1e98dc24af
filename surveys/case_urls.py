"""Addresses about cases; part of surveys/urls.py."""

from django.urls import path

from surveys.views import case_settings, case_steps, cases

urlpatterns = [
    path("cycles/<int:cycle_id>/cases/", cases.board, name="cases"),
    path("cycles/<int:cycle_id>/cases/list/", cases.case_list, name="case_list"),
    path("cycles/<int:cycle_id>/cases/new/", cases.case_new, name="case_new"),
    path("answers/<int:response_id>/case/", cases.case_from, name="case_from"),
    path("cycles/<int:cycle_id>/cases/causes/", case_settings.causes, name="case_causes"),
    path("cycles/<int:cycle_id>/cases/settings/", case_settings.policy, name="case_settings"),
    path("surveys/<int:survey_id>/cases/", case_settings.rule, name="case_rule"),
    path("moments/<int:moment_id>/cases/", cases.moment_cases, name="moment_cases"),
    path("cases/<int:case_id>/", cases.case, name="case"),
    path("cases/<int:case_id>/status/", case_steps.status, name="case_status"),
    path("cases/<int:case_id>/close/", case_steps.close, name="case_close"),
    path("cases/<int:case_id>/owner/", case_steps.owner, name="case_owner"),
    path("cases/<int:case_id>/note/", case_steps.note, name="case_note"),
    path("cases/<int:case_id>/contact/", case_steps.spoke, name="case_spoke"),
    path("cases/<int:case_id>/delete/", case_steps.delete, name="case_delete"),
    path("cases/<int:case_id>/facts/", case_steps.facts, name="case_facts"),
    path("cases/<int:case_id>/causes/", case_steps.causes, name="case_tags"),
    path("cases/<int:case_id>/mail/", case_steps.mail_decided, name="case_mail"),
]
