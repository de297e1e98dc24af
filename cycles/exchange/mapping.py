"""Which column of a table holds what: guessed from the headings, then as the person says."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from cycles.exchange.columns import BY_KEY, COLUMNS, folded

# Of each column of the file: the key of what it holds, or "" where it is left out.
Chosen = list[str]


def guessed(header: Sequence[str]) -> Chosen:
    """By the whole heading first, then by what it begins with; nothing twice."""
    chosen = [""] * len(header)
    names = [folded(heading) for heading in header]
    for fits in (lambda name, known: name in known, begins):
        for place, name in enumerate(names):
            if chosen[place] or not name:
                continue
            for column in COLUMNS:
                if column.key not in chosen and fits(name, column.headings):
                    chosen[place] = column.key
                    break
    if "name" not in chosen and len([name for name in names if name]) == 1:
        # A list of one column is a list of moments.
        chosen[names.index(next(name for name in names if name))] = "name"
    return chosen


def begins(name: str, known: frozenset[str]) -> bool:
    return any(len(one) > 3 and name.startswith(f"{one} ") for one in known)


def told(values: Mapping[str, str], width: int) -> Chosen:
    """As posted; what is no column of ours is left out."""
    given = [values.get(f"column_{place}", "") for place in range(width)]
    return [key if key in BY_KEY else "" for key in given]


def faults_of(chosen: Chosen) -> dict[str, str]:
    """By the name of the field, or "columns" for all of them."""
    faults = {}
    for place, key in enumerate(chosen):
        if key and key in chosen[:place]:
            faults[f"column_{place}"] = _("Another column holds this already.")
    if "name" not in chosen:
        faults["columns"] = _("Say which column holds the moments.")
    return faults
