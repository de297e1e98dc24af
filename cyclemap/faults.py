"""What is wrong with a file, one sentence a fault, with its place."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

# A file with everything wrong must not fill the screen or the memory.
MOST = 200


@dataclass(frozen=True)
class Fault:
    """`line` counts from 1 with the header; `column` is its name, or empty for the whole line."""

    text: str
    line: int | None = None
    column: str = ""

    def __str__(self) -> str:
        if self.line is None:
            return self.text
        if not self.column:
            return _("line %(line)d: %(text)s") % {"line": self.line, "text": self.text}
        return _("line %(line)d, column %(column)s: %(text)s") % {
            "line": self.line,
            "column": self.column,
            "text": self.text,
        }


class FileFaultError(ValueError):
    """The file cannot be used; `faults` says why, line by line."""

    def __init__(self, faults: list[Fault], more: int = 0) -> None:
        super().__init__("; ".join(str(fault) for fault in faults[:3]))
        self.faults, self.more = faults, more

    def lines(self) -> list[str]:
        lines = [plain(str(fault)) for fault in self.faults]
        if self.more:
            lines.append(ngettext("and %d fault more", "and %d faults more", self.more) % self.more)
        return lines


def refuse(text: str, line: int | None = None, column: str = "") -> FileFaultError:
    return FileFaultError([Fault(text, line, column)])


@dataclass
class Faults:
    """Gathers faults while a file is read, so that they are all told at once."""

    found: list[Fault] = field(default_factory=list)
    more: int = 0

    def add(self, text: str, line: int | None = None, column: str = "") -> None:
        if len(self.found) < MOST:
            self.found.append(Fault(text, line, column))
        else:
            self.more += 1

    def check(self) -> None:
        if self.found:
            raise FileFaultError(self.found, self.more)


def plain(text: str) -> str:
    """Text of a file on one line of a terminal: what would move or colour it becomes a sign."""
    return "".join(char if char.isprintable() or char == "\N{NO-BREAK SPACE}" else "�" for char in text)


def shown(text: str) -> str:
    """A cell as quoted in a fault: one short line, whatever is in it."""
    text = plain(text)
    return text if len(text) <= 40 else text[:39] + "…"
