"""Plans and actions, below /w/<workspace>/."""

from django.urls import path

from cycles.views import action, action_file, action_plan, plan

urlpatterns = [
    path("cycles/<int:cycle_id>/plan/", plan.plan, name="plan"),
    path("cycles/<int:cycle_id>/plan/actions.csv", plan.plan_csv, name="plan_csv"),
    path("cycles/<int:cycle_id>/plan/actions.xlsx", plan.plan_xlsx, name="plan_xlsx"),
    path("cycles/<int:cycle_id>/plan/actions/", action.action_add, name="action_add"),
    path("cycles/<int:cycle_id>/plans/", action_plan.plan_add, name="plan_add"),
    path("plans/<int:plan_id>/", action_plan.plan_edit, name="plan_edit"),
    path("plans/<int:plan_id>/delete/", action_plan.plan_delete, name="plan_delete"),
    path("plans/<int:plan_id>/restore/", action_plan.plan_restore, name="plan_restore"),
    path("actions/<int:action_id>/", action.action, name="action"),
    path("actions/<int:action_id>/edit/", action.action_edit, name="action_edit"),
    path("actions/<int:action_id>/status/", action.action_status, name="action_status"),
    path("actions/<int:action_id>/owner/", action.action_owner, name="action_owner"),
    path("actions/<int:action_id>/delete/", action.action_delete, name="action_delete"),
    path("actions/<int:action_id>/restore/", action.action_restore, name="action_restore"),
    path("actions/<int:action_id>/files/", action_file.action_file_add, name="action_file_add"),
    path("action-files/<int:file_id>/", action_file.action_file, name="action_file"),
    path("action-files/<int:file_id>/delete/", action_file.action_file_delete, name="action_file_delete"),
    path("action-files/<int:file_id>/restore/", action_file.action_file_restore, name="action_file_restore"),
]
