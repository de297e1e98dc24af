"""The address of the matrix page, to its filters.

It may be typed or old: what makes no sense is answered with a sentence and left out.
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from cycles.choices import Channel
from cycles.outline import Outline
from prioritization import figures
from prioritization.board import SORTS
from prioritization.comparison import comparable
from prioritization.filters import RULES, Filters
from prioritization.matrix import least_shown, open_to_view
from prioritization.months import Stretch, span
from surveys.models import Respondent, Wave

NAMES = (
    "respondent",
    "wave",
    "segment",
    "from",
    "to",
    "stage",
    "channel",
    "importance",
    "cross",
    "ti",
    "ts",
    "ellipses",
    "compare",
    "sort",
    "moment",
)
NOTHING = "none"
EFFECTS = "effects"


def chosen_wave(query: QueryDict, waves: Sequence[Wave], answered: Iterable[int]) -> Filters:
    """The wave that is asked for, else the latest with answers, else the latest."""
    # The last value counts: an unticked box is preceded by a hidden "off".
    typed = {name: str(query.get(name, "")).strip() for name in NAMES}
    asked = {name: value for name, value in typed.items() if value}
    with_answers = set(answered)
    usual = usual_of(waves, with_answers)
    kinds = list(dict.fromkeys(wave.survey.respondent for wave in waves))
    kind = asked.get("respondent", "")
    if kind in kinds:
        waves = [wave for wave in waves if wave.survey.respondent == kind]
        usual = usual_of(waves, with_answers)
    wanted = asked.get("wave")
    found = next((wave for wave in waves if str(wave.pk) == wanted), None)
    filters = Filters(found or usual, waves, asked=asked)
    filters.respondents = kinds if len(kinds) > 1 else ()
    filters.respondent = kind if kind in kinds else ""
    if kind and kind not in kinds:
        filters.errors["respondent"] = _("Nobody of that kind was asked.")
    if wanted and not found:
        filters.errors["wave"] = _("There is no such wave. This is the latest one.")
    filters.comparable = [
        wave for wave in waves if wave.pk in with_answers and comparable(wave, filters.wave)
    ]
    choose_comparison(filters)
    return filters


def usual_of(waves: Sequence[Wave], with_answers: Container[int]) -> Wave:
    """What the team believes, or a visit found, stands for the customers only where it is asked for."""
    customers = [wave for wave in waves if wave.survey.respondent == Respondent.CUSTOMER]
    return next((wave for wave in [*customers, *waves] if wave.pk in with_answers), (customers or waves)[0])


def choose_comparison(filters: Filters) -> None:
    wanted = filters.asked.get("compare")
    if wanted == NOTHING:
        return
    filters.compare = next((w for w in filters.comparable if str(w.pk) == wanted), None)
    filters.effects = wanted == EFFECTS
    if wanted and not filters.effects and wanted not in {str(wave.pk) for wave in filters.waves}:
        filters.errors["compare"] = _("There is no such wave to compare with.")
    if filters.compare is None:
        filters.compare = filters.comparable[0] if filters.comparable else None


def choose_rest(filters: Filters, outline: Outline, result: Mapping[str, Any] | None) -> None:
    """Everything that depends on the wave and on the map."""
    asked = filters.asked
    filters.stages = [part.stage for part in outline.parts]
    filters.stage = next((s for s in filters.stages if str(s.pk) == asked.get("stage")), None)
    if asked.get("stage") and not filters.stage:
        filters.errors["stage"] = _("There is no such stage on the map any more.")
    filters.ellipses = asked.get("ellipses") != "off"
    filters.sort = asked["sort"] if asked.get("sort") in SORTS else "priority"
    filters.moment = asked.get("moment", "")
    found = {value for entry in outline for value in entry.moment.channels}
    filters.channels = [value for value in Channel.values if value in found]
    filters.channel = asked.get("channel", "") if asked.get("channel") in filters.channels else ""
    if asked.get("channel") and not filters.channel:
        filters.errors["channel"] = _("No moment of the map has that channel.")
    choose_importance(filters)
    choose_segment(filters, result)
    choose_crosshair(filters, result)


def choose_importance(filters: Filters) -> None:
    wanted = filters.asked.get("importance", "stated")
    if wanted == "derived" and filters.wave.survey.asks_overall:
        filters.importance = wanted
    elif wanted == "derived":
        filters.errors["importance"] = _(
            "Importance cannot be derived here: the survey did not ask for the overall satisfaction."
        )
    elif wanted != "stated":
        filters.errors["importance"] = _("There is no such source of importance.")


def choose_period(filters: Filters, found: Sequence[Stretch]) -> None:
    """Months that may be chosen without giving a small group away; see prioritization/months.py."""
    first, last = filters.asked.get("from", ""), filters.asked.get("to", "")
    filters.stretches = found if len(found) > 1 else ()
    if not first and not last:
        return
    days = span(found, first, last) if found else None
    if days is None:
        filters.errors["from"] = _(
            "There is no such period. It goes from an earlier month to a later one, of those in the list."
        )
    elif days != (found[0].begins, found[-1].ends):
        filters.period = days


def choose_segment(filters: Filters, result: Mapping[str, Any] | None) -> None:
    if result:
        for name, sizes in result["segments"].items():
            shown = open_to_view(sizes, result["n_respondents"], least_shown(filters.wave))
            filters.segments_withheld |= len(shown) < len(sizes)
            filters.segments = {**filters.segments, **{f"{name}={v}": (name, v) for v in shown}}
    wanted = filters.asked.get("segment")
    filters.segment = filters.segments.get(wanted or "")
    if wanted and filters.segment is None:
        filters.errors["segment"] = _(
            "This group cannot be shown: it, or the rest of the wave, is too small to stay anonymous."
        )


def choose_crosshair(filters: Filters, result: Mapping[str, Any] | None) -> None:
    cross = filters.asked.get("cross", "mean")
    filters.cross = cross if cross in RULES else "mean"
    if cross not in RULES:
        filters.errors["cross"] = _("There is no such rule for the crosshair.")
    if filters.cross != "target":
        return
    usual = (result or {}).get("crosshair") or {}
    high = filters.wave.survey.scale_max
    if filters.is_derived or filters.is_picked:
        # A share of R2; where all moments matter alike each has this one.
        alike = 100 / max(1, len((result or {}).get("moments", ())))
        importance = one_target(filters, "ti", alike, 100, low=0)
    else:
        importance = one_target(filters, "ti", usual.get("importance"), high)
    satisfaction = one_target(filters, "ts", usual.get("satisfaction"), high)
    if importance is not None and satisfaction is not None:
        filters.target = (importance, satisfaction)


def one_target(filters: Filters, name: str, usual: float | None, high: int, low: int = 1) -> float | None:
    """What was typed, else the usual crosshair to begin with; what was typed stays in its field."""
    typed = filters.asked.get(name, "")
    value = target_value(typed, high, low)
    if typed and value is None:
        filters.errors[name] = _("A number from %(low)d to %(high)d.") % {"low": low, "high": high}
    elif not typed and usual is not None:
        value = round(usual, 1)
    filters.targets[name] = typed or figures.decimal(value) if typed or value is not None else ""
    return value


def target_value(typed: str, high: int, low: int = 1) -> float | None:
    """4.2 or 4,2, on the scale."""
    try:
        value = float(typed.replace(",", "."))
    except ValueError:
        return None
    return value if low <= value <= high else None
