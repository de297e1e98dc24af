"""Who may open and change what: the decision, written by hand.

tests/test_access.py compares the site with it. A new route has to obey the rule of the house (any member
reads, editors write) or be entered here.
"""

from tests.site_map import Route

EDITORS = {"owner", "consultant"}
EVERYONE = {"owner", "consultant", "manager", "viewer"}
OWNERS = {"owner"}

# Without a log-in: the way in, customers' links, machines.
PUBLIC = {
    "help_statistics",
    "account_confirm_email",
    "account_confirm_login_code",
    "account_email_verification_sent",
    "account_inactive",
    "account_login",
    "account_logout",
    "account_request_login_code",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_signup",
    "accounts:join",
    "customers:follow_up",
    "customers:follow_up_stop",
    "customers:survey",
    "customers:mail_events",
    "customers:open",
    "customers:unsubscribe",
    "customers:visit",
    "shared:file",
    "shared:report",
    "shared:said",
    "health_live",
    "health_ready",
    "language",
    "mfa_authenticate",
    "mfa_login_webauthn",
}

# One's own account: whoever is logged in, about themselves alone.
PERSONAL = {
    "account_change_password",
    "account_email",
    "account_reauthenticate",
    "account_set_password",
    "accounts:profile",
    "accounts:workspace_new",
    "home",
    "letterbox",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_deactivate_totp",
    "mfa_download_recovery_codes",
    "mfa_edit_webauthn",
    "mfa_generate_recovery_codes",
    "mfa_index",
    "mfa_list_webauthn",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "mfa_remove_webauthn",
    "mfa_view_recovery_codes",
}

# There only for who has set up a second step; in the furniture that is the owner.
SECOND_STEP = {
    "mfa_deactivate_totp",
    "mfa_download_recovery_codes",
    "mfa_edit_webauthn",
    "mfa_reauthenticate_webauthn",
    "mfa_remove_webauthn",
    "mfa_view_recovery_codes",
}

# Who reads, where it is not every member.
READERS = {
    "cycles:action_add": EDITORS,
    "cycles:assessment": EDITORS | {"manager"},
    "cycles:action_edit": EDITORS,
    "cycles:plan_add": EDITORS,
    "cycles:plan_edit": EDITORS,
    "cycles:comment_edit": EDITORS | {"manager"},
    "cycles:edit": EDITORS,
    "cycles:import_cycle": EDITORS,
    "cycles:lane": EDITORS,
    "cycles:moment_attribute": EDITORS,
    "cycles:indicator_add": EDITORS,
    "cycles:indicator_edit": EDITORS,
    "cycles:level_add": EDITORS,
    "cycles:level_edit": EDITORS,
    "cycles:measurement_edit": EDITORS,
    "cycles:moment_edit": EDITORS,
    "cycles:moment_name": EDITORS,
    "cycles:moments_library": EDITORS,
    "cycles:moments_paste": EDITORS,
    "cycles:new": EDITORS,
    "cycles:requirement_edit": EDITORS,
    "cycles:stage_add": EDITORS,
    "cycles:stage_edit": EDITORS,
    "cycles:template_save": EDITORS,
    "cycles:templates": EDITORS,
    "prioritization:grades": EDITORS,
    "prioritization:import": EDITORS,
    "prioritization:imports": EDITORS,
    "prioritization:report_compose": EDITORS,
    "prioritization:report_preview": EDITORS,
    "prioritization:said": EDITORS,
    "prioritization:said_quotes": EDITORS,
    "prioritization:schedule_edit": EDITORS,
    "prioritization:schedule_new": EDITORS,
    "prioritization:share": EDITORS,
    "prioritization:results_csv": EDITORS,
    "prioritization:results_xlsx": EDITORS,
    "members:client_edit": EDITORS,
    "members:client_new": EDITORS,
    "members:clients": EDITORS,
    "members:edit": OWNERS,
    "members:invite": EDITORS,
    "members:list": EDITORS,
    "members:remove": OWNERS,
    "members:settings": OWNERS,
    "surveys:case_close": EDITORS | {"manager"},
    "surveys:case_from": EDITORS | {"manager"},
    "surveys:case_new": EDITORS | {"manager"},
    "surveys:case_rule": EDITORS,
    "surveys:case_settings": EDITORS,
    "surveys:contact": EDITORS,
    "surveys:contact_add": EDITORS,
    "surveys:contact_erase": EDITORS,
    "surveys:contact_list": EDITORS,
    "surveys:contact_lists": EDITORS,
    "surveys:contacts": EDITORS,
    "surveys:segment": EDITORS,
    "surveys:segment_count": EDITORS,
    "surveys:segment_new": EDITORS,
    "surveys:segments": EDITORS,
    "surveys:place_qr_png": EDITORS,
    "surveys:place_qr_svg": EDITORS,
    "surveys:place_sheet": EDITORS,
    "surveys:place_sheets": EDITORS,
    "surveys:places": EDITORS,
    "surveys:visit_fill": EDITORS,
}

# Who changes, where it is not the editors.
WRITERS = {
    "cycles:action_comments": EDITORS | {"manager"},
    "cycles:action_file_add": EDITORS | {"manager"},
    "cycles:action_status": EDITORS | {"manager"},
    "cycles:assessment": EDITORS | {"manager"},
    "cycles:assessment_delete": EDITORS | {"manager"},
    "cycles:assessment_restore": EDITORS | {"manager"},
    "cycles:maturity_add": EDITORS | {"manager"},
    "cycles:comment_delete": EDITORS | {"manager"},
    "cycles:comment_edit": EDITORS | {"manager"},
    "cycles:comment_reopen": EDITORS | {"manager"},
    "cycles:comment_resolve": EDITORS | {"manager"},
    "cycles:comment_restore": EDITORS | {"manager"},
    "cycles:moment_comments": EDITORS | {"manager"},
    "cycles:requirement_comments": EDITORS | {"manager"},
    "members:edit": OWNERS,
    "members:remove": OWNERS,
    "members:settings": OWNERS,
    "surveys:case_close": EDITORS | {"manager"},
    "surveys:case_delete": EDITORS | {"manager"},
    "surveys:case_facts": EDITORS | {"manager"},
    "surveys:case_mail": EDITORS | {"manager"},
    "surveys:case_new": EDITORS | {"manager"},
    "surveys:case_note": EDITORS | {"manager"},
    "surveys:case_owner": EDITORS | {"manager"},
    "surveys:case_spoke": EDITORS | {"manager"},
    "surveys:case_status": EDITORS | {"manager"},
    "surveys:case_tags": EDITORS | {"manager"},
    "prioritization:report_ask": EDITORS | {"manager"},
    "prioritization:report_cancel": EDITORS | {"manager"},
    "prioritization:report_retry": EDITORS | {"manager"},
}

# Only who founds and edits workspaces; the people of a client do not.
FOUNDERS = {"accounts:workspace_new": EDITORS, "letterbox": EDITORS}


def may(route: Route, method: str, role: str) -> bool:
    if route.name in PERSONAL:
        return role in FOUNDERS.get(route.name, EVERYONE)
    if method == "GET":
        return role in READERS.get(route.name, EVERYONE)
    return role in WRITERS.get(route.name, EDITORS)
