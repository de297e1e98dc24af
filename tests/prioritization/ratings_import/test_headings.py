"""What headings mean: pure, in two languages."""

import pytest

from prioritization.ratings_file.layout import Layout
from prioritization.ratings_import.headings import Kind, folded, guess, split_heading


@pytest.mark.parametrize(
    ("heading", "kind", "name"),
    [
        ("imp:Pay", Kind.IMPORTANCE, "Pay"),
        ("SAT: Pay the bill", Kind.SATISFACTION, "Pay the bill"),
        ("seg:city", Kind.SEGMENT, "city"),
        ("Satisfacción con Pagar", Kind.SATISFACTION, "Pagar"),
        ("Importancia de la caja", Kind.IMPORTANCE, "la caja"),
        ("Pay (importance)", Kind.IMPORTANCE, "Pay"),
        ("Caja - Satisfacción", Kind.SATISFACTION, "Caja"),
        ("Respondent ID", Kind.RESPONDENT, "Respondent ID"),
        ("Medición", Kind.WAVE, "Medición"),
        ("Año", Kind.WAVE, "Año"),
        ("Ponderación", Kind.WEIGHT, "Ponderación"),
        ("Satisfacción general", Kind.OVERALL, "Satisfacción general"),
        ("NPS", Kind.NPS, "NPS"),
        ("Saturday", Kind.IGNORE, "Saturday"),
        ("Imported goods", Kind.IGNORE, "Imported goods"),
    ],
)
def test_a_heading_says_what_it_holds(heading, kind, name):
    assert split_heading(heading) == (kind, name)


def test_case_accents_and_signs_make_no_difference():
    assert folded("  ¿Atención, en CAJA?") == folded("atencion en caja")


def test_the_name_of_a_moment_is_its_satisfaction():
    assert guess(["id", "Atencion en caja"], [folded("Atención en caja")]) == (
        Layout.WIDE,
        [Kind.RESPONDENT, Kind.SATISFACTION],
    )


def test_the_three_layouts_are_told_apart():
    assert guess(["respondent", "moment", "importance", "satisfaction"], [])[0] is Layout.LONG
    assert guess(["momento", "importancia", "satisfacción", "n"], [])[0] is Layout.POINTS
    assert guess(["respondent", "sat:a"], [])[0] is Layout.WIDE


def test_what_may_be_once_is_guessed_once():
    assert guess(["id", "folio", "sat:a"], [])[1] == [Kind.RESPONDENT, Kind.IGNORE, Kind.SATISFACTION]
