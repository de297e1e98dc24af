"""The segments of a wave: which there are, which values they have, how many answers each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from prioritization.analysis.ratings import Ints

# Beyond these a segment is no segment but a name tag: its groups are too small to be shown.
MAX_DIMENSIONS = 16
MAX_VALUES = 2000
MAX_LENGTH = 200
# With more values than this a segment has no cubes of its own and is answered from blocks.
MAX_CUBED = 60

Kind = Mapping[str, str]  # the segments of one response


def kind_of(segments: Mapping[str, Any]) -> Kind:
    """As they are compared: text; what is empty is no value."""
    return {name: str(value) for name, value in segments.items() if value not in (None, "")}


@dataclass
class Dimension:
    """`values` None: too many to tell apart. Their order, once given, stays."""

    name: str
    values: dict[str, int] | None = field(default_factory=dict)  # value -> how many answers

    @property
    def cubed(self) -> bool:
        return self.values is not None and len(self.values) <= MAX_CUBED

    def code(self, value: str) -> int | None:
        """None: nobody digested has this value."""
        values = list(self.values or ())
        return values.index(value) + 1 if value in values else None


@dataclass
class Dimensions:
    """In the order of the planes of the blocks; only ever added to."""

    known: list[Dimension] = field(default_factory=list)

    @classmethod
    def load(cls, stored: Sequence[Mapping[str, Any]]) -> Self:
        return cls(
            [
                Dimension(
                    d["name"],
                    None if d["values"] is None else dict(zip(d["values"], d["counts"], strict=True)),
                )
                for d in stored
            ]
        )

    def dump(self) -> list[dict[str, Any]]:
        return [
            {
                "name": d.name,
                "values": None if d.values is None else list(d.values),
                "counts": list((d.values or {}).values()),
            }
            for d in self.known
        ]

    def __getitem__(self, name: str) -> Dimension | None:
        return next((d for d in self.known if d.name == name), None)

    def place(self, name: str) -> int:
        return next(k for k, d in enumerate(self.known) if d.name == name)

    def keeps(self, name: str) -> bool:
        """Whether blocks tell the values of this segment (or will, or nobody has one)."""
        known = self[name]
        if known is not None:
            return known.values is not None
        return len(self.known) < MAX_DIMENSIONS and len(name) <= MAX_LENGTH

    def take_in(self, kinds: Sequence[Kind], which: Ints) -> NDArray[np.uint16]:
        """Codes (D, R) of new answers, `kinds[which]`; what is new in them is added and counted."""
        for name in dict.fromkeys(name for kind in kinds for name in kind):
            if self[name] is None and self.keeps(name):
                self.known.append(Dimension(name))
        times = np.bincount(which, minlength=len(kinds))
        codes = np.zeros((len(self.known), len(kinds)), np.uint16)
        for place, dimension in enumerate(self.known):
            for k, kind in enumerate(kinds):
                value = kind.get(dimension.name)
                if value is None or dimension.values is None:
                    continue
                if value not in dimension.values and (
                    len(dimension.values) >= MAX_VALUES or len(value) > MAX_LENGTH
                ):
                    dimension.values = None
                    continue
                dimension.values[value] = dimension.values.get(value, 0) + int(times[k])
            order = {value: code for code, value in enumerate(dimension.values or (), 1)}
            codes[place] = [order.get(kind.get(dimension.name, ""), 0) for kind in kinds]
        return codes[:, which]

    def sizes(self, kinds: Sequence[Kind] = (), which: Ints | None = None) -> dict[str, dict[str, int]]:
        """{"visit": {"first": 120, "again": 280}}, with answers that are not digested yet."""
        found = {d.name: dict(d.values) for d in self.known if d.values is not None}
        if which is not None:
            times = np.bincount(which, minlength=len(kinds))
            for k, kind in enumerate(kinds):
                for name, value in kind.items():
                    if self.keeps(name):
                        values = found.setdefault(name, {})
                        values[value] = values.get(value, 0) + int(times[k])
        return {name: dict(sorted(found[name].items())) for name in sorted(found)}
