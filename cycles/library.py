"""The library of ready-made cycles: one JSON file each in `templates_library/`, in every language.

A text in a file is an object by language: {"es": "Pagar", "en": "Pay"}.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import get_language

from accounts.models import Client
from cycles.models import Cycle, Moment, Requirement, Stage

FOLDER = Path(__file__).parent / "templates_library"

Text = Mapping[str, str]

MOMENT_TEXTS = (
    "name",
    "description",
    "owner_area",
    "standard",
    "enhancers",
    "detractors",
    "customer_action",
    "front_stage",
    "back_stage",
    "systems",
)
REQUIREMENT_TEXTS = ("name", "minimum", "desired", "measure")


@dataclass(frozen=True)
class TemplateRequirement:
    texts: Mapping[str, Text]
    dimension: str
    vertex: str
    level: str


@dataclass(frozen=True)
class TemplateMoment:
    texts: Mapping[str, Text]
    kind: str
    channels: tuple[str, ...]
    mode: str
    is_critical: bool
    emotion: int | None
    requirements: tuple[TemplateRequirement, ...]

    def name(self, language: str | None = None) -> str:
        return in_language(self.texts["name"], language)


@dataclass(frozen=True)
class TemplateStage:
    names: Text
    phase: str
    colour: str
    moments: tuple[TemplateMoment, ...]

    def name(self, language: str | None = None) -> str:
        return in_language(self.names, language)


@dataclass(frozen=True)
class Template:
    """A ready-made cycle. What is drawn as a mini wheel is `stages`: a colour and moments each."""

    key: str
    position: int
    names: Text
    descriptions: Text
    personas: Text
    stages: tuple[TemplateStage, ...]

    def name(self, language: str | None = None) -> str:
        return in_language(self.names, language)

    def description(self, language: str | None = None) -> str:
        return in_language(self.descriptions, language)

    def persona(self, language: str | None = None) -> str:
        return in_language(self.personas, language)

    @property
    def moments(self) -> list[TemplateMoment]:
        return [moment for stage in self.stages for moment in stage.moments]

    @property
    def n_stages(self) -> int:
        return len(self.stages)

    @property
    def n_moments(self) -> int:
        return len(self.moments)

    @property
    def n_requirements(self) -> int:
        return sum(len(moment.requirements) for moment in self.moments)


def in_language(text: Text, language: str | None = None) -> str:
    """The text in a language (the active one unless told)."""
    language = (language or get_language() or "")[:2]
    return text.get(language) or next(iter(text.values()), "")


def templates() -> list[Template]:
    """Every ready-made cycle, in the order in which they are offered."""
    return sorted(_library().values(), key=lambda template: (template.position, template.key))


def template(key: str) -> Template | None:
    return _library().get(key)


@transaction.atomic
def create_cycle(client: Client, key: str, *, language: str, name: str = "", persona: str = "") -> Cycle:
    """A new cycle from a template: written in `language`, the other languages beside it.

    A name or persona of one's own is in one language, so it has no translations.
    """
    source = _library()[key]
    own = {"name": name.strip(), "persona": persona.strip()}
    own = {field: value for field, value in own.items() if value}
    offered = {"name": source.names, "persona": source.personas, "description": source.descriptions}
    texts = {field: text for field, text in offered.items() if field not in own}
    cycle = Cycle.objects.create(client=client, language=language, **written(texts, language), **own)
    fill_in(cycle, source)
    return cycle


def fill_in(cycle: Cycle, source: Template) -> None:
    """Its stages with their moments and requirements, in the cycle's language."""
    language = cycle.language
    stages = Stage.objects.bulk_create(
        Stage(
            cycle=cycle,
            position=position,
            phase=stage.phase,
            colour=stage.colour,
            **written({"name": stage.names}, language),
        )
        for position, stage in enumerate(source.stages)
    )
    moments = Moment.objects.bulk_create(
        Moment(
            stage=row,
            position=position,
            kind=moment.kind,
            channels=list(moment.channels),
            mode=moment.mode,
            is_critical=moment.is_critical,
            emotion=moment.emotion,
            **written(moment.texts, language),
        )
        for row, stage in zip(stages, source.stages, strict=True)
        for position, moment in enumerate(stage.moments)
    )
    Requirement.objects.bulk_create(
        Requirement(
            moment=row,
            position=position,
            dimension=requirement.dimension,
            vertex=requirement.vertex,
            level=requirement.level,
            **written(requirement.texts, language),
        )
        for row, moment in zip(moments, source.moments, strict=True)
        for position, requirement in enumerate(moment.requirements)
    )


def written(texts: Mapping[str, Text], language: str) -> dict[str, Any]:
    """Field values in one language, and `translations` with the others."""
    fields: dict[str, Any] = {field: in_language(text, language) for field, text in texts.items()}
    others = sorted({other for text in texts.values() for other in text} - {language})
    fields["translations"] = {
        other: {field: text[other] for field, text in texts.items() if other in text} for other in others
    }
    return fields


@cache
def _library() -> dict[str, Template]:
    return {path.stem: _read(path) for path in sorted(FOLDER.glob("*.json"))}


def _read(path: Path) -> Template:
    data = json.loads(path.read_text(encoding="utf-8"))
    return Template(
        key=path.stem,
        position=data["position"],
        names=data["name"],
        descriptions=data["description"],
        personas=data["persona"],
        stages=tuple(_read_stages(data["stages"])),
    )


def _read_stages(rows: list[dict[str, Any]]) -> Iterator[TemplateStage]:
    for row in rows:
        moments = tuple(read_moment(moment) for moment in row["moments"])
        yield TemplateStage(names=row["name"], phase=row["phase"], colour=row["colour"], moments=moments)


def read_moment(row: dict[str, Any]) -> TemplateMoment:
    return TemplateMoment(
        texts={field: row[field] for field in MOMENT_TEXTS if field in row},
        kind=row["kind"],
        channels=tuple(row["channels"]),
        mode=row["mode"],
        is_critical=row.get("critical", False),
        emotion=row.get("emotion"),
        requirements=tuple(
            TemplateRequirement(
                texts={field: requirement[field] for field in REQUIREMENT_TEXTS if field in requirement},
                dimension=requirement["dimension"],
                vertex=requirement["vertex"],
                level=requirement["level"],
            )
            for requirement in row["requirements"]
        ),
    )
