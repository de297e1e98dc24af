"""The ready-made cycles: the files are whole in both languages, and become real cycles."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import models
from django.utils.translation import override

from accounts.models import Client
from cycles import library
from cycles.choices import STAGE_COLOURS, Channel, Dimension, Kind, Level, Mode, Phase, Vertex
from cycles.models import Cycle, Moment, Requirement, Stage
from tests.conftest import World

FILES = sorted(library.FOLDER.glob("*.json"))
LANGUAGES = {code for code, _ in settings.LANGUAGES}
# What a moment's name begins with in English: a verb in its base form.
ENGLISH_VERBS = set(
    re.findall(
        r"\w+",
        """accept agree answer appeal arrange arrive ask be book bring call check choose collect
        come compare confirm decide discover enjoy enter exchange explain fill find follow get
        give hand have hear keep learn leave look make meet need notice order park pay queue rate read
        realise receive recommend renew report return say see send settle sign sit sleep take
        taste tell understand use visit wait write""",
    )
)


def texts_of(data: Any, path: str = "") -> Iterator[tuple[str, dict[str, str]]]:
    """Every text of a file with the field it stands for; whatever has a language is a text."""
    if isinstance(data, dict):
        if LANGUAGES & set(data):
            yield path, data
        else:
            for key, value in data.items():
                yield from texts_of(value, f"{path}.{key}" if path else key)
    elif isinstance(data, list):
        for value in data:
            yield from texts_of(value, path)


def longest(path: str) -> int:
    model: type[models.Model] = Cycle
    if "requirements" in path:
        model = Requirement
    elif "moments" in path:
        model = Moment
    elif "stages" in path:
        model = Stage
    length = model._meta.get_field(path.rpartition(".")[2]).max_length  # type: ignore[union-attr]
    assert length is not None
    return length


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_file_is_complete_in_every_language_and_fits_the_model(path: Any) -> None:
    texts = list(texts_of(json.loads(path.read_text(encoding="utf-8"))))
    assert len(texts) > 50
    for field, text in texts:
        assert set(text) == LANGUAGES, (field, text)
        for value in text.values():
            assert value, (field, text)
            assert value == " ".join(value.split()), (field, text)
            assert "|" not in value, (field, text)
            assert len(value) <= longest(field), (field, value)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_nothing_in_the_file_is_unknown(path: Any) -> None:
    data = json.loads(path.read_text(encoding="utf-8"))
    assert set(data) == {"position", "name", "description", "persona", "stages"}
    for stage in data["stages"]:
        assert set(stage) == {"name", "phase", "colour", "moments"}
        for moment in stage["moments"]:
            known = {*library.MOMENT_TEXTS, "kind", "channels", "mode", "critical", "emotion", "requirements"}
            assert set(moment) <= known, moment["name"]
            for requirement in moment["requirements"]:
                assert set(requirement) <= {*library.REQUIREMENT_TEXTS, "dimension", "vertex", "level"}


def test_there_are_nine_and_the_keys_are_the_files() -> None:
    offered = library.templates()
    assert {template.key for template in offered} == {path.stem for path in FILES}
    assert len(offered) >= 9
    assert offered[0].key == "buying_a_dress"
    assert len({template.position for template in offered}) == len(offered)


@pytest.mark.parametrize("template", library.templates(), ids=lambda template: template.key)
def test_template_is_well_formed(template: library.Template) -> None:
    assert 10 <= template.n_moments <= 19
    assert 2 <= template.n_stages <= 12
    assert len({stage.colour for stage in template.stages}) == min(template.n_stages, len(STAGE_COLOURS))
    for stage in template.stages:
        assert stage.phase in Phase.values
        assert stage.colour in STAGE_COLOURS
        assert stage.moments
    assert sum(moment.is_critical for moment in template.moments) >= 2
    for language in LANGUAGES:
        names = [moment.name(language) for moment in template.moments]
        assert len(set(names)) == len(names)
    for moment in template.moments:
        assert moment.kind in Kind.values
        assert moment.channels
        assert set(moment.channels) <= set(Channel.values)
        assert moment.mode in Mode.values
        assert moment.emotion in range(-2, 3)
        assert len(moment.requirements) >= 2, moment.name("en")
        for requirement in moment.requirements:
            assert requirement.dimension in Dimension.values
            assert requirement.vertex in Vertex.values
            assert requirement.level in Level.values


@pytest.mark.parametrize("template", library.templates(), ids=lambda template: template.key)
def test_moments_are_named_by_what_the_customer_does(template: library.Template) -> None:
    for moment in template.moments:
        spanish = re.sub(r"^No ", "", moment.name("es")).split()[0]
        assert re.fullmatch(r"\w+([aei]|í)r(se|me|l[oae]s?|nos)?", spanish), moment.name("es")
        assert moment.name("en").split()[0].lower() in ENGLISH_VERBS, moment.name("en")


@pytest.mark.parametrize("language", ["es", "en"])
def test_cycle_has_the_texts_of_its_language_and_the_other_beside_them(
    db: None, world: World, language: str
) -> None:
    other = ({"es", "en"} - {language}).pop()
    template = library.template("buying_a_dress")
    assert template
    cycle = library.create_cycle(world.client, template.key, language=language)
    cycle.refresh_from_db()
    assert cycle.language == language
    assert cycle.name == {"es": "Comprar un vestido", "en": "Buying a dress"}[language]
    moments = list(Moment.objects.filter(stage__cycle=cycle))
    assert [moment.name for moment in moments] == [moment.name(language) for moment in template.moments]
    with override(other):
        assert str(cycle) == {"es": "Comprar un vestido", "en": "Buying a dress"}[other]
        assert [str(moment) for moment in moments] == [moment.name(other) for moment in template.moments]
    queue = next(moment for moment in moments if moment.is_critical and moment.kind == Kind.PURCHASE)
    assert queue.text("name", "es") == "Hacer fila en caja"
    assert queue.text("detractors", "es").startswith("Una sola caja abierta")
    assert queue.channels == ["in_person"]
    assert queue.emotion == -2
    requirements = list(queue.requirements.all())
    assert [requirement.position for requirement in requirements] == [0, 1, 2, 3]
    assert requirements[1].text("minimum", "en") == "Turn visible from the queue"
    assert requirements[0].dimension == Dimension.RESPONSIVENESS


@pytest.mark.parametrize("template", library.templates(), ids=lambda template: template.key)
def test_every_template_becomes_a_valid_cycle(db: None, world: World, template: library.Template) -> None:
    cycle = library.create_cycle(world.client, template.key, language="en")
    cycle.full_clean()
    stages = list(Stage.objects.filter(cycle=cycle))
    assert [stage.position for stage in stages] == list(range(template.n_stages))
    rows = list(Moment.objects.filter(stage__cycle=cycle))
    assert len(rows) == template.n_moments
    for row in [*stages, *rows, *Requirement.objects.filter(moment__stage__cycle=cycle)]:
        row.full_clean(exclude=["stage", "cycle", "moment"])
    for stage in stages:
        in_stage = [row.position for row in rows if row.stage_id == stage.pk]
        assert in_stage == list(range(len(in_stage)))


def test_own_name_and_persona_are_not_translated(world: World) -> None:
    cycle = library.create_cycle(
        world.client, "buying_a_dress", language="es", name=" Vestidos de novia ", persona="Novias"
    )
    assert cycle.name == "Vestidos de novia"
    assert cycle.text("name", "en") == "Vestidos de novia"
    assert cycle.text("persona", "en") == "Novias"
    assert cycle.text("description", "en").startswith("From seeing the dress")


def test_unknown_template_creates_nothing(world: World) -> None:
    before = Cycle.objects.count()
    assert library.template("no_such_cycle") is None
    with pytest.raises(KeyError):
        library.create_cycle(world.client, "no_such_cycle", language="es")
    assert Cycle.objects.count() == before


def test_creating_takes_a_fixed_number_of_queries(world: World, django_assert_max_num_queries: Any) -> None:
    client = Client.objects.get(pk=world.client.pk)
    with django_assert_max_num_queries(8):
        library.create_cycle(client, "buying_a_dress", language="es")
