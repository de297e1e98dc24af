"""Fixing what an action is to change: the form, and the one way a target is written."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cyclemap.forms import TidyForm
from cycles.forms import NumberedMoments
from cycles.models import Action, Cycle, Moment
from prioritization.asking import waves_of
from prioritization.effects import begun_on, has_target
from prioritization.filters import wave_label
from prioritization.matrix import Segment, least_shown, open_to_view
from prioritization.models import FormerTarget, Matrix, Target
from prioritization.target import LEAST_CHANGE
from surveys.models import Item, Respondent, Wave

USUAL_CHANGE = Decimal("0.30")
FIELDS = ("segment_name", "segment_value", "baseline_id", "smallest_change")


class TargetForm(TidyForm, forms.Form):
    """`waves` are those with answers, the latest first; `seen` is the target the page showed."""

    moments = forms.ModelMultipleChoiceField(
        label=_("Target moments"), queryset=Moment.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    baseline = forms.ModelChoiceField(
        label=_("Baseline wave"),
        queryset=Wave.objects.none(),
        empty_label=None,
        help_text=_("How it was before: the later wave is held against this one."),
    )
    segment = forms.ChoiceField(
        label=_("Customers"), required=False, help_text=_("Everybody, or a group that the action is for.")
    )
    smallest_change = forms.DecimalField(
        label=_("Smallest change worth detecting"),
        min_value=LEAST_CHANGE,
        decimal_places=2,
        help_text=_("Points of satisfaction. The smaller, the more answers it takes."),
    )
    reason = forms.CharField(
        label=_("Why it is fixed anew"), max_length=500, required=False, widget=forms.Textarea({"rows": 2})
    )
    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, action: Action, cycle: Cycle, waves: list[Wave], **kwargs: Any) -> None:
        self.action, self.cycle, self.waves = action, cycle, waves
        self.segments = segments_of(waves)
        super().__init__(*args, **kwargs)
        moments = Moment.objects.filter(stage__cycle=cycle, deleted_at=None)
        self.fields["moments"].iterator = NumberedMoments  # type: ignore[attr-defined]
        ordered = moments.select_related("stage").order_by("stage__position", "position")
        self.fields["moments"].queryset = ordered  # type: ignore[attr-defined]
        baseline = self.fields["baseline"]
        baseline.queryset = Wave.objects.filter(pk__in=[w.pk for w in waves])  # type: ignore[attr-defined]
        baseline.choices = [(w.pk, wave_label(w, waves)) for w in waves]  # type: ignore[attr-defined]
        groups: dict[str, list[tuple[str, str]]] = {}
        for key, (name, value) in sorted(
            {k: v for each in self.segments.values() for k, v in each.items()}.items()
        ):
            groups.setdefault(name, []).append((key, value))
        self.fields["segment"].choices = [("", _("Everybody")), *groups.items()]  # type: ignore[attr-defined]
        self.begun = begun_on(action)
        self.anew = has_target(action) and self.begun is not None
        if self.anew:
            self.fields["reason"].required = True  # type: ignore[attr-defined]
        else:
            del self.fields["reason"]  # type: ignore[attr-defined]

    @property
    def most(self) -> int:
        """The width of the scale the moments are rated on."""
        return max((w.survey.scale_max for w in self.waves), default=5) - 1

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        wave: Wave | None = next((w for w in self.waves if w == cleaned.get("baseline")), None)
        if wave is None:
            return cleaned
        cleaned["baseline"] = wave
        change = cleaned.get("smallest_change")
        if change is not None and change > wave.survey.scale_max - 1:
            self.add_error(
                "smallest_change",
                _("More than the scale is wide: it goes from 1 to %(high)d.")
                % {"high": wave.survey.scale_max},
            )
        if self.begun and wave.opened_at and timezone.localdate(wave.opened_at) > self.begun:
            self.add_error(
                "baseline", _("The action had begun before this wave opened. Choose an earlier one.")
            )
        if (key := cleaned.get("segment")) and key not in self.segments[wave.pk]:
            self.add_error("segment", _("This group cannot be shown in that wave: too few answered."))
        asked = set(
            Item.objects.filter(survey=wave.survey_id, is_requirement=False).values_list(
                "moment_id", flat=True
            )
        )
        missing = [str(m) for m in cleaned.get("moments", ()) if m.pk not in asked]
        if missing:
            self.add_error(
                "moments", _("Not asked about in that wave: %(names)s.") % {"names": ", ".join(missing)}
            )
        return cleaned

    @property
    def group(self) -> Segment | None:
        """That was chosen, of the baseline that was chosen."""
        known = self.segments.get(self.cleaned_data["baseline"].pk, {})
        return known.get(self.cleaned_data.get("segment") or "")


def segments_of(waves: Iterable[Wave]) -> dict[int, dict[str, Segment]]:
    """Of each wave the groups that may be shown, as the filters of the matrix name them. One query."""
    waves = list(waves)
    stored = {m.wave_id: m.result for m in Matrix.objects.filter(wave__in=waves)}
    found: dict[int, dict[str, Segment]] = {}
    for wave in waves:
        result = stored.get(wave.pk) or {}
        found[wave.pk] = {
            f"{name}={value}": (name, value)
            for name, sizes in result.get("segments", {}).items()
            for value in open_to_view(sizes, result["n_respondents"], least_shown(wave))
        }
    return found


def answered_waves(cycle: Cycle) -> list[Wave]:
    """Of customers, the latest first: what the team believes is no effect of an action."""
    answered = set(
        Matrix.objects.filter(wave__survey__cycle=cycle, n_responses__gt=0).values_list("wave_id", flat=True)
    )
    waves = [wave for wave in waves_of(cycle) if wave.survey.respondent == Respondent.CUSTOMER]
    return [wave for wave in waves if wave.pk in answered]


def initial_of(action: Action, waves: list[Wave], served: Iterable[int]) -> dict[str, Any]:
    """What holds; else what the action serves, against the latest wave before it began."""
    if has_target(action):
        target = action.target
        return {
            "moments": [m.pk for m in target.moments.all()],
            "baseline": target.baseline_id,
            "segment": target.segment_key,
            "smallest_change": target.smallest_change,
            "seen": target.fixed_at.isoformat(),
        }
    begun = begun_on(action)
    before = [w for w in waves if begun is None or (w.opened_at and timezone.localdate(w.opened_at) <= begun)]
    usual = next(iter(before or waves), None)
    return {
        "moments": list(served),
        "baseline": usual.pk if usual else None,
        "smallest_change": USUAL_CHANGE,
        "seen": "",
    }


class FixedMeanwhileError(Exception):
    """Somebody else fixed it since the page was opened."""


@transaction.atomic
def fix(form: TargetForm, user: User) -> Target:
    """What was fixed before the action began is simply replaced; afterwards it stays to be seen.

    The same twice is once. FixedMeanwhileError: the page had shown another target.
    """
    action = Action.objects.select_for_update().get(pk=form.action.pk)
    told = form.cleaned_data
    name, value = form.group or ("", "")
    values = dict(
        zip(FIELDS, (name, value, told["baseline"].pk, told["smallest_change"]), strict=True),
    )
    moments = {m.pk for m in told["moments"]}
    known = Target.objects.filter(action=action).first()
    if known and same(known, values, moments):
        return known
    if (known.fixed_at.isoformat() if known else "") != told["seen"]:
        raise FixedMeanwhileError
    if known and begun_on(action):
        kept = FormerTarget.objects.create(
            action=action,
            fixed_at=known.fixed_at,
            fixed_by=known.fixed_by,
            reason=known.reason,
            **{name: getattr(known, name) for name in FIELDS},
        )
        kept.moments.set(known.moments.all())
    fixed, _new = Target.objects.update_or_create(
        action=action,
        defaults={**values, "fixed_at": timezone.now(), "fixed_by": user, "reason": told.get("reason", "")},
    )
    fixed.moments.set(moments)
    return fixed


def same(known: Target, values: dict[str, Any], moments: set[int]) -> bool:
    alike = all(getattr(known, name) == value for name, value in values.items())
    return alike and {m.pk for m in known.moments.all()} == moments
