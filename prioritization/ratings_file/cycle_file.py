"""The optional JSON beside a ratings file: scales, and the names and stages of the moments."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from prioritization.analysis.ratings import Scale
from prioritization.ratings_file.faults import Faults, refuse

AXES = ("importance", "satisfaction", "overall", "nps")
# A scale of a hundred points is a slider; beyond that it is no rating.
MOST_POINTS = 101


@dataclass(frozen=True)
class CycleFile:
    """`labels`: language -> moment -> name. `scales` holds only what the file says."""

    scales: Mapping[str, Scale] = field(default_factory=dict)
    picks: int | None = None
    moments: tuple[str, ...] = ()
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    stages: Mapping[str, str] = field(default_factory=dict)


def read_cycle(path: Path) -> CycleFile:
    """FileFaultError: not JSON, or not as described in docs/statistics.md."""
    try:
        given = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise refuse(
            _("the cycle file %(path)s cannot be read: %(why)s")
            % {"path": path, "why": error.strerror or error}
        ) from error
    except UnicodeDecodeError as error:
        raise refuse(_("the cycle file is not UTF-8; save it as UTF-8")) from error
    except json.JSONDecodeError as error:
        raise refuse(
            _("the cycle file is not JSON: %s") % error.msg, error.lineno, str(error.colno)
        ) from error
    except RecursionError as error:
        raise refuse(_("the cycle file is nested too deeply")) from error
    if not isinstance(given, dict):
        raise refuse(_("the cycle file must hold an object with scales and moments"))
    faults = Faults()
    scales = _scales(given.get("scales"), faults)
    moments, labels, stages = _moments(given.get("moments"), faults)
    picks = given.get("picks")
    if picks is not None and not (isinstance(picks, int) and not isinstance(picks, bool) and picks > 0):
        faults.add(_("cycle file, picks: expected a whole number above zero"))
    faults.check()
    return CycleFile(scales, picks, moments, labels, stages)


def _scales(given: Any, faults: Faults) -> dict[str, Scale]:
    if given is None:
        return {}
    if not isinstance(given, dict):
        faults.add(_("cycle file, scales: expected an object"))
        return {}
    scales = {}
    for axis in AXES:
        scale = given.get(axis)
        if scale is None:
            continue
        ends = [scale.get(end) for end in ("min", "max")] if isinstance(scale, dict) else []
        whole = [end for end in ends if isinstance(end, int) and not isinstance(end, bool)]
        if len(whole) != 2 or not 0 < whole[1] - whole[0] < MOST_POINTS or whole[0] < 0:
            faults.add(
                _('cycle file, scale of %s: expected {"min": 1, "max": 5}, whole numbers from 0 up') % axis
            )
        elif axis == "nps" and whole != [0, 10]:
            faults.add(_("cycle file, scale of nps: expected 0 to 10"))
        else:
            scales[axis] = Scale(*whole)
    return scales


def _moments(given: Any, faults: Faults) -> tuple[tuple[str, ...], dict[str, dict[str, str]], dict[str, str]]:
    labels: dict[str, dict[str, str]] = {"en": {}, "es": {}}
    stages: dict[str, str] = {}
    names: list[str] = []
    if given is None:
        return (), labels, stages
    if not isinstance(given, list):
        faults.add(_("cycle file, moments: expected a list"))
        return (), labels, stages
    for place, moment in enumerate(given, start=1):
        name = moment.get("id") if isinstance(moment, dict) else None
        if not isinstance(name, str) or not name.strip():
            faults.add(_("cycle file, moment %d: expected an object with an id") % place)
            continue
        name = name.strip()
        if name in names:
            faults.add(
                _("cycle file, moment %(place)d: the id %(id)s is there twice") % {"place": place, "id": name}
            )
            continue
        names.append(name)
        for language in labels:
            if isinstance(label := moment.get(f"label_{language}"), str) and label.strip():
                labels[language][name] = label.strip()
        if isinstance(stage := moment.get("stage"), str):
            stages[name] = stage
    return tuple(names), labels, stages
