"""A file of rows: what every kind has in common."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from prioritization.ratings_file.blocks import Block
from prioritization.ratings_file.faults import Faults

# Rows at a time where they are Python strings.
ROWS = 20_000


@dataclass
class Sheet(ABC):
    """A file being read: its header, then its blocks, once. `blank` counts the lines left out."""

    path: Path
    header: list[str]
    comma: bool
    blank: int = 0
    header_line: int = 1

    @abstractmethod
    def blocks(self) -> Iterator[Block]: ...


def wrong_length(faults: Faults, found: int, expected: int, line: int) -> None:
    faults.add(
        _("%(found)d cells; expected %(expected)d, as many as the header has")
        % {"found": found, "expected": expected},
        line,
    )
