"""The sheet of a service level and the report card as one page each."""

import io

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from cycles.models import Measurement, Moment, ServiceLevel
from tests.conftest import log_in
from tests.prioritization.report_world import Told

pytestmark = pytest.mark.once


def read(response) -> tuple[PdfReader, str]:
    assert response["Content-Type"] == "application/pdf"
    reader = PdfReader(io.BytesIO(response.content))
    return reader, " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def card(told: Told, query: str = "") -> str:
    return reverse("prioritization:card_pdf", args=[told.world.workspace.slug, told.world.cycle.pk]) + query


def level_of(told: Told) -> ServiceLevel:
    level = ServiceLevel.objects.create(
        cycle=told.world.cycle,
        moment=Moment.objects.get(name="Queue at the till", stage__cycle=told.world.cycle),
        name="Wait <in> the queue",
        category="quality",
        bound="at_most",
        target_value=5,
        unit="min",
    )
    month = timezone.localdate().replace(day=1)
    Measurement.objects.create(cycle=told.world.cycle, service_level=level, day=month, value=4)
    return level


def is_tagged(reader: PdfReader) -> bool:
    marks = reader.root_object["/MarkInfo"].get_object()
    return isinstance(marks, DictionaryObject) and bool(marks["/Marked"])


def test_the_report_card_is_one_tagged_page_in_the_readers_language(told, consultant):
    reader, text = read(consultant.get(card(told)))
    assert len(reader.pages) == 1
    assert is_tagged(reader)
    assert str(reader.root_object["/Lang"]) == "en"
    assert "The cycle earns" in text
    assert "Queue at the till" in text
    consultant.post(reverse("language"), {"language": "es", "next": "/"})
    reader, text = read(consultant.get(card(told)))
    assert str(reader.root_object["/Lang"]) == "es"
    assert "Libreta de calificaciones" in text


@pytest.mark.parametrize("name", ["Moment number", "Kraftfahrzeughaftpflichtversicherungsbeitrag " * 2])
def test_a_long_card_is_still_one_page_and_says_what_is_left_out(told, consultant, name):
    stage = Moment.objects.get(name="Be greeted").stage
    for number in range(70):
        moment = Moment.objects.create(stage=stage, position=10 + number, name=f"{name} {number}")
        told.wave.survey.items.create(moment=moment, position=10 + number, wording={"en": moment.name})
    reader, text = read(consultant.get(card(told)))
    assert len(reader.pages) == 1
    assert "more rows are not printed here" in text


def test_without_answers_there_is_no_card_to_print(told, consultant):
    bare = told.world.client.cycles.create(name="Bare", language="en")
    url = reverse("prioritization:card_pdf", args=[told.world.workspace.slug, bare.pk])
    assert consultant.get(url).status_code == 404


def test_the_sheet_of_a_service_level_is_one_tagged_page(told, consultant, stranger):
    level = level_of(told)
    ServiceLevel.objects.filter(pk=level.pk).update(terms="A condition of some length. " * 70)
    url = reverse("prioritization:level_pdf", args=[told.world.workspace.slug, level.pk])
    reader, text = read(consultant.get(url))
    assert len(reader.pages) == 1
    assert is_tagged(reader)
    assert "Wait <in> the queue" in text
    assert "Client of alba" in text
    own = reverse("prioritization:level_pdf", args=[stranger.workspace.slug, level.pk])
    assert log_in(stranger.owner).get(own).status_code == 404
    ServiceLevel.objects.filter(pk=level.pk).update(deleted_at=timezone.now())
    assert consultant.get(url).status_code == 404


def test_the_same_data_gives_the_same_page(told, consultant):
    first = consultant.get(card(told)).content
    assert consultant.get(card(told)).content == first
