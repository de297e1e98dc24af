"""Every chapter there is, in the usual order."""

from prioritization.reports.chapters import (
    Chapter,
    card,
    cases,
    changes,
    comments,
    cycle,
    effects,
    levels,
    maturity,
    method,
    moments,
    notes,
    plan,
    priorities,
    requirements,
)

CHAPTERS: tuple[Chapter, ...] = (
    method.CHAPTER,
    cycle.CHAPTER,
    requirements.CHAPTER,
    priorities.CHAPTER,
    moments.CHAPTER,
    changes.CHAPTER,
    plan.CHAPTER,
    effects.CHAPTER,
    cases.CHAPTER,
    levels.CHAPTER,
    card.CHAPTER,
    maturity.CHAPTER,
    comments.CHAPTER,
    notes.CHAPTER,
)
BY_KEY = {chapter.key: chapter for chapter in CHAPTERS}
USUAL = tuple(BY_KEY)
