"""What is in a report: which sections in which order, the consultant's words, the filters of the matrix."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from cyclemap.text import unprintable

# Of the address of the matrix, what narrows a report. The wave stands beside it.
FILTERS = ("segment", "from", "to", "cross", "importance", "compare")
# Of the rules for its crosshair, those that ask for no number.
CROSSES = ("mean", "median", "trimmed", "midpoint")
LONGEST_WORDS = 1500
LONGEST_FILTER = 200


@dataclass(frozen=True)
class Choice:
    """`sections` empty: everything that has something to say, in the usual order."""

    sections: tuple[str, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)
    filters: Mapping[str, str] = field(default_factory=dict)
    # Of the preset it was made from, for the list of reports.
    name: str = ""

    @property
    def narrows(self) -> bool:
        return bool(self.filters)

    def as_json(self) -> dict[str, Any]:
        """Short: what is not chosen is left out, and everything is {}."""
        found = {
            "sections": list(self.sections),
            "words": dict(self.words),
            "filters": dict(self.filters),
            "name": self.name,
        }
        return {name: value for name, value in found.items() if value}

    @classmethod
    def from_json(cls, stored: Any) -> "Choice":
        """Whatever is not understood (of another version, or damaged) is left out."""
        stored = stored if isinstance(stored, dict) else {}
        sections = stored.get("sections")
        return cls(
            tuple(dict.fromkeys(str(key) for key in sections)) if isinstance(sections, list) else (),
            {key: text[:LONGEST_WORDS] for key, text in texts(stored.get("words")).items()},
            {key: text for key, text in texts(stored.get("filters")).items() if key in FILTERS},
            str(stored.get("name") or "")[:80],
        )

    def query(self, wave_id: int) -> QueryDict:
        """As the address of the matrix page says it."""
        return QueryDict(urlencode({"wave": wave_id, **self.filters}))


def texts(found: Any) -> dict[str, str]:
    if not isinstance(found, dict):
        return {}
    return {
        str(key): text
        for key, text in found.items()
        if isinstance(text, str) and text and not unprintable(text, lines=True)
    }


EVERYTHING = Choice()
