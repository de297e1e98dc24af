"""A file and what was said about it, to answers in arrays; or faults, each with line and column.

The four kinds of "no number" stay apart (docs/statistics.md, S0): NOT_EXPERIENCED; NONE is asked and
not answered; NOT_ASKED is a moment that nobody in the wave has, or of the long layout no row; what is
none of them is a fault, never a number.
"""

from pathlib import Path
from tempfile import NamedTemporaryFile

from prioritization.ratings_file.csv_sheet import CsvSheet, open_csv
from prioritization.ratings_import.answers import Answers
from prioritization.ratings_import.choices import Choices
from prioritization.ratings_import.long import LongReader
from prioritization.ratings_import.upload import unpacked
from prioritization.ratings_import.wide import WideReader


class Opened:
    """The kept file, as a sheet that is read from the disk while this is open."""

    def __init__(self, table: bytes | memoryview) -> None:
        self.table = table

    def __enter__(self) -> CsvSheet:
        self.file = NamedTemporaryFile(suffix=".csv")
        self.file.write(unpacked(self.table).encode())
        self.file.flush()
        return open_csv(Path(self.file.name))

    def __exit__(self, *_error: object) -> None:
        self.file.close()


def read_answers(table: bytes | memoryview, choices: Choices) -> Answers:
    """FileFaultError: everything wrong with the rows."""
    with Opened(table) as sheet:
        return (LongReader if choices.is_long else WideReader)(sheet, choices).read()
