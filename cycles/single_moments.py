"""The library of single moments, to insert in any cycle: one JSON file, in every language."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.db import transaction

from cyclemap.text import bare_letters
from cycles import ordering
from cycles.choices import Channel, Kind
from cycles.library import MOMENT_TEXTS, TemplateMoment, in_language, read_moment, written
from cycles.models import Moment, Requirement, Stage

FILE = Path(__file__).parent / "moments_library.json"


@dataclass(frozen=True)
class SingleMoment:
    key: str
    moment: TemplateMoment

    @property
    def words(self) -> str:
        """What a search looks in: names and requirements, in every language."""
        texts = [*self.moment.texts["name"].values()]
        for need in self.moment.requirements:
            texts += need.texts["name"].values()
        return bare_letters(" ".join(texts))

    @property
    def labels(self) -> str:
        """Its kind and channels, in words."""
        channels = [str(Channel(value).label) for value in self.moment.channels]
        return " · ".join([str(Kind(self.moment.kind).label), ", ".join(channels)])

    @property
    def needs(self) -> list[str]:
        return [in_language(need.texts["name"]) for need in self.moment.requirements]


def single_moments(query: str = "") -> list[SingleMoment]:
    """Those that have every word of the query; accents and capitals do not matter. By their names."""
    wanted = bare_letters(query).split()
    found = [one for one in _library().values() if all(word in one.words for word in wanted)]
    return sorted(found, key=lambda one: bare_letters(one.moment.name()))


def single_moment(key: str) -> SingleMoment | None:
    return _library().get(key)


@transaction.atomic
def insert(stage: Stage, key: str) -> Moment:
    """The moment with its requirements, at the end of a stage, in the language of the cycle."""
    source = _library()[key].moment
    language = stage.cycle.language
    moment = ordering.insert_moment(
        Moment(
            stage=stage,
            kind=source.kind,
            channels=list(source.channels),
            mode=source.mode,
            is_critical=source.is_critical,
            emotion=source.emotion,
            **written({name: text for name, text in source.texts.items() if name in MOMENT_TEXTS}, language),
        )
    )
    for position, need in enumerate(source.requirements):
        Requirement.objects.create(  # one by one, so that each has its history
            moment=moment,
            position=position,
            dimension=need.dimension,
            vertex=need.vertex,
            level=need.level,
            **written(need.texts, language),
        )
    return moment


@cache
def _library() -> dict[str, SingleMoment]:
    rows = json.loads(FILE.read_text(encoding="utf-8"))["moments"]
    return {row["key"]: SingleMoment(row["key"], read_moment(row)) for row in rows}
