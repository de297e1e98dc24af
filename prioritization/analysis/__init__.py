"""The statistics of importance and satisfaction: numbers in, frozen dataclasses out.

Nothing here knows Django, a database or a language. `docs/statistics.md` maps every formula to its
function, its source and its test; docstrings quote the section there (S0 to S14).

    Ratings -> Tally (mergeable) -> Estimates -> Priorities
"""
