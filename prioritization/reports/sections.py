"""The chapters of one report, in the order chosen, each under what it has found."""

from dataclasses import dataclass

from prioritization.reports.chapters import Found
from prioritization.reports.document import MOST_CELLS, Document
from prioritization.reports.registry import BY_KEY, USUAL
from prioritization.reports.tables import Table, fit


@dataclass(frozen=True)
class Section:
    """`key` names the template and the anchor."""

    key: str
    number: int
    found: Found
    paragraphs: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return self.found.title

    @property
    def finding(self) -> str:
        return self.found.finding

    @property
    def part(self) -> dict[str, object]:
        return self.found.part

    @property
    def table(self) -> Table | None:
        return self.found.table

    @property
    def template(self) -> str:
        return f"prioritization/report/_{self.key}.html"

    @property
    def outline(self) -> str:
        return f"{self.number}. {self.title}"


def sections(document: Document) -> list[Section]:
    """What there is nothing to say about is left out. Beyond `MOST_CELLS` the longest tables are cut."""
    chosen = [BY_KEY[key] for key in document.choice.sections or USUAL if key in BY_KEY]
    found = [(chapter.key, one) for chapter in chosen if (one := chapter.find(document))]
    fit([one.table for _key, one in found if one.table], MOST_CELLS)
    return [
        Section(key, number, one, paragraphs=paragraphs_of(document.choice.words.get(key, "")))
        for number, (key, one) in enumerate(found, 1)
    ]


def paragraphs_of(words: str) -> tuple[str, ...]:
    """Parted by empty lines."""
    lines = "\n".join(line.strip() for line in words.splitlines())
    return tuple(paragraph.strip() for paragraph in lines.split("\n\n") if paragraph.strip())
