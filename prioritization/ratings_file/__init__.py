"""Ratings from a file: three layouts, CSV and XLSX, read as a stream (docs/statistics.md).

read_ratings(path, cycle, question) -> RatingsFile
"""

from prioritization.ratings_file.cycle_file import CycleFile, read_cycle
from prioritization.ratings_file.faults import FileFaultError
from prioritization.ratings_file.layout import Layout
from prioritization.ratings_file.question import Question, RatingsFile
from prioritization.ratings_file.reading import read_ratings

__all__ = ["CycleFile", "FileFaultError", "Layout", "Question", "RatingsFile", "read_cycle", "read_ratings"]
