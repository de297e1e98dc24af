"""The words of the history: a whole sentence for each thing that can happen to each kind of thing."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from cycles.models import (
    Action,
    ActionPlan,
    Assessment,
    Cycle,
    Indicator,
    Measurement,
    Moment,
    Requirement,
    ServiceLevel,
    Stage,
)
from cycles.trail import ADDED, BINNED, CHANGED, DELETED, MOVED, RESTORED, RETURNED

KINDS: dict[str, Any] = {
    "cycle": Cycle,
    "stage": Stage,
    "moment": Moment,
    "requirement": Requirement,
    "plan": ActionPlan,
    "action": Action,
    "service_level": ServiceLevel,
    "indicator": Indicator,
    "measurement": Measurement,
    "assessment": Assessment,
}

KIND_LABELS = {
    "cycle": _("Cycle"),
    "stage": _("Stages"),
    "moment": _("Moments"),
    "requirement": _("Requirements"),
    "plan": _("Action plans"),
    "action": _("Actions"),
    "service_level": _("Service levels"),
    "indicator": _("Indicators"),
    "measurement": _("Measurements"),
    "assessment": _("Assessments of maturity"),
}

# Stands for "nobody signed" among the authors of a filter.
SOMEBODY = "-"

LANGUAGES = {"es": _("in Spanish"), "en": _("in English")}

# The fields of a change that point to other things.
TIES = {
    "stage_id": "stage",
    "moment_id": "moment",
    "moments": "moment",
    "requirements": "requirement",
    "requirement_id": "requirement",
    "above_id": "service_level",
    "plan_id": "plan",
    "owner_member_id": "person",
    "approved_by_id": "person",
    "from_comment_id": "comment",
}

SENTENCES: dict[str, dict[str, Any]] = {
    ADDED: {
        "cycle": _("%(who)s began the cycle “%(name)s”."),
        "stage": _("%(who)s added the stage “%(name)s”."),
        "moment": _("%(who)s added the moment “%(name)s”."),
        "requirement": _("%(who)s added the requirement “%(name)s”."),
        "plan": _("%(who)s added the action plan “%(name)s”."),
        "action": _("%(who)s added the action “%(name)s”."),
        "service_level": _("%(who)s added the service level “%(name)s”."),
        "indicator": _("%(who)s added the indicator “%(name)s”."),
        "measurement": _("%(who)s added the result “%(name)s”."),
        "assessment": _("%(who)s added the assessment “%(name)s”."),
    },
    CHANGED: {
        "cycle": _("%(who)s changed the cycle “%(name)s”."),
        "stage": _("%(who)s changed the stage “%(name)s”."),
        "moment": _("%(who)s changed the moment “%(name)s”."),
        "requirement": _("%(who)s changed the requirement “%(name)s”."),
        "plan": _("%(who)s changed the action plan “%(name)s”."),
        "action": _("%(who)s changed the action “%(name)s”."),
        "service_level": _("%(who)s changed the service level “%(name)s”."),
        "indicator": _("%(who)s changed the indicator “%(name)s”."),
        "measurement": _("%(who)s changed the result “%(name)s”."),
        "assessment": _("%(who)s changed the assessment “%(name)s”."),
    },
    MOVED: {
        "stage": _("%(who)s moved the stage “%(name)s” from place %(before)s to %(after)s."),
        "moment": _("%(who)s moved the moment “%(name)s” from place %(before)s to %(after)s."),
        "requirement": _("%(who)s moved the requirement “%(name)s” from place %(before)s to %(after)s."),
    },
    BINNED: {
        "cycle": _("%(who)s deleted the cycle “%(name)s”."),
        "stage": _("%(who)s deleted the stage “%(name)s”, with its moments."),
        "moment": _("%(who)s deleted the moment “%(name)s”."),
        "requirement": _("%(who)s deleted the requirement “%(name)s”."),
        "plan": _("%(who)s deleted the action plan “%(name)s”."),
        "action": _("%(who)s deleted the action “%(name)s”."),
        "service_level": _("%(who)s deleted the service level “%(name)s”."),
        "indicator": _("%(who)s deleted the indicator “%(name)s”."),
        "measurement": _("%(who)s deleted the result “%(name)s”."),
        "assessment": _("%(who)s deleted the assessment “%(name)s”."),
    },
    RESTORED: {
        "cycle": _("%(who)s took the cycle “%(name)s” out of the bin."),
        "stage": _("%(who)s took the stage “%(name)s” out of the bin."),
        "moment": _("%(who)s took the moment “%(name)s” out of the bin."),
        "requirement": _("%(who)s took the requirement “%(name)s” out of the bin."),
        "plan": _("%(who)s took the action plan “%(name)s” out of the bin."),
        "action": _("%(who)s took the action “%(name)s” out of the bin."),
        "service_level": _("%(who)s took the service level “%(name)s” out of the bin."),
        "indicator": _("%(who)s took the indicator “%(name)s” out of the bin."),
        "measurement": _("%(who)s took the result “%(name)s” out of the bin."),
        "assessment": _("%(who)s took the assessment “%(name)s” out of the bin."),
    },
    RETURNED: {
        "cycle": _("%(who)s brought the cycle “%(name)s” back to an earlier state."),
        "stage": _("%(who)s brought the stage “%(name)s” back to an earlier state."),
        "moment": _("%(who)s brought the moment “%(name)s” back to an earlier state."),
        "requirement": _("%(who)s brought the requirement “%(name)s” back to an earlier state."),
        "plan": _("%(who)s brought the action plan “%(name)s” back to an earlier state."),
        "action": _("%(who)s brought the action “%(name)s” back to an earlier state."),
        "service_level": _("%(who)s brought the service level “%(name)s” back to an earlier state."),
        "indicator": _("%(who)s brought the indicator “%(name)s” back to an earlier state."),
        "measurement": _("%(who)s brought the result “%(name)s” back to an earlier state."),
        "assessment": _("%(who)s brought the assessment “%(name)s” back to an earlier state."),
    },
    DELETED: {
        "stage": _("The stage “%(name)s” left the bin for good."),
        "moment": _("The moment “%(name)s” left the bin for good."),
        "requirement": _("The requirement “%(name)s” left the bin for good."),
        "plan": _("The action plan “%(name)s” left the bin for good."),
        "action": _("The action “%(name)s” left the bin for good."),
        "service_level": _("The service level “%(name)s” left the bin for good."),
        "indicator": _("The indicator “%(name)s” left the bin for good."),
        "measurement": _("The result “%(name)s” left the bin for good."),
        "assessment": _("The assessment “%(name)s” left the bin for good."),
    },
}
