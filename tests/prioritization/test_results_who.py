"""No two groups that may be looked at together show a few people."""

from itertools import combinations, combinations_with_replacement

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from prioritization.analysis.ratings import Ints
from prioritization.matrix import watermark
from prioritization.results.cells import hidden_parts
from prioritization.results.who import LANGUAGE, LINK, Kind, allowed, forget, who
from surveys.models import OpenLink, Response
from tests.prioritization.answers import answer, survey_of, wave_of

K = 5


def kind(n: int, month: int = 1, **values: str) -> Kind:
    return Kind(values, (2026, month), n)


@st.composite
def populations(draw: st.DrawFn) -> list[Kind]:
    """Answers of up to three segments, in up to three months; some people have no value."""
    values = {
        "city": draw(st.sampled_from([["a", "b"], ["a", "b", "c", ""]])),
        "age": draw(st.sampled_from([["x"], ["x", "y"], ["x", "y", "z", ""]])),
    }
    kinds = []
    for city in values["city"]:
        for age in values["age"]:
            for month in range(1, draw(st.integers(1, 4))):
                told = {name: value for name, value in (("city", city), ("age", age)) if value}
                kinds.append(Kind(told, (2026, month), draw(st.sampled_from([0, 1, 2, 3, 4, 6, 9, 20, 40]))))
    return [one for one in kinds if one.n]


def groups_of(found: list[Kind], shown) -> list[np.ndarray]:
    """Everybody, each group and each period that may be chosen, as who is in it."""
    masks = [np.ones(len(found), bool)]
    for name, values in shown.dimensions.items():
        masks += [np.array([one.values.get(name) == value for one in found]) for value in values]
    for begin, end in combinations_with_replacement(shown.stretches, 2):
        first, last = begin.first, end.last
        masks.append(np.array([first <= one.month <= last for one in found]))
    return masks


@given(populations(), st.sampled_from([5, 7, 12]))
@settings(max_examples=400, deadline=None)
@example([kind(48, city="a", age="x"), kind(2, city="b", age="x"), kind(50, city="b", age="y")], 5)
@example([kind(20, month=1, city="a"), kind(2, month=2, city="a"), kind(30, month=2, city="b")], 5)
def test_no_two_groups_differ_by_a_few_people(found: list[Kind], k: int):
    assume(found)
    counts = np.array([one.n for one in found])
    shown = allowed(found, k)
    if counts.sum() < k:
        assert not shown.dimensions
        assert not shown.stretches
        return
    for one, other in combinations(groups_of(found, shown), 2):
        for mask in (one ^ other, one ^ ~other, one & ~other if (one <= other).all() else one ^ other):
            n = int(counts[mask].sum())
            assert n == 0 or n >= k, (shown, counts)


@given(populations(), st.sampled_from([5, 7]))
@settings(max_examples=200, deadline=None)
def test_what_a_segment_hides_is_no_small_group(found: list[Kind], k: int):
    assume(found)
    shown = allowed(found, k)
    for values in shown.dimensions.values():
        hidden = shown.n - sum(values.values())
        assert hidden == 0 or hidden >= k


def test_large_groups_are_offered():
    """The rule is not kept by showing nothing."""
    found = [kind(20, city=c, age=a) for c in "ab" for a in "xyz"]
    shown = allowed(found, K)
    assert shown.dimensions == {"age": {"x": 40, "y": 40, "z": 40}, "city": {"a": 60, "b": 60}}
    assert not shown.withheld


def test_a_small_group_hides_with_the_next_smallest():
    shown = allowed([kind(40, city="a"), kind(30, city="b"), kind(8, city="c"), kind(3, city="d")], K)
    assert shown.dimensions == {"city": {"a": 40, "b": 30}}
    assert shown.withheld == {"city"}


def test_of_two_segments_that_are_nearly_one_the_first_is_offered():
    found = [kind(48, a="x", b="x"), kind(2, a="x", b="y"), kind(50, a="y", b="y")]
    assert allowed(found, K).dimensions == {"a": {"x": 50, "y": 50}}


def test_no_period_where_a_group_came_in_one_month():
    """All but two of a group came in March: the month less the group are those two."""
    found = [kind(30, 3, city="a"), kind(2, 2, city="a"), kind(28, 2, city="b")]
    assert allowed(found, K).stretches == ()
    assert len(allowed([kind(30, 3), kind(30, 2)], K).stretches) == 2


@given(
    st.lists(st.lists(st.integers(0, 30), min_size=3, max_size=3), min_size=1, max_size=6), st.integers(0, 12)
)
@settings(deadline=None)
def test_of_one_question_too_the_hidden_are_nobody_or_enough(parts: list[list[int]], rest: int):
    counts: Ints = np.array(parts)
    others: Ints = np.array([rest, 0, 40])
    hidden = hidden_parts(counts, others, K)
    for column in range(3):
        shown = counts[:, column][~hidden[:, column]]
        assert all(n == 0 or n >= K for n in shown)
        gone = counts[:, column][hidden[:, column]].sum() + others[column]
        assert gone == 0 or gone >= K or not shown.any()


@pytest.mark.django_db
def test_languages_and_ways_in_are_groups_and_answers_are_counted_once(world, django_assert_num_queries):
    forget()
    wave = wave_of(survey_of(world.cycle))
    link = OpenLink.objects.create(wave=wave, place="Till", nonce=b"1" * 16)
    made = answer(wave, [(4, 4)] * 3, times=30, city="Cali")
    Response.objects.filter(pk__in=[one.pk for one in made[:10]]).update(language="es", open_link=link)
    Response.objects.filter(pk__in=[one.pk for one in made[10:]]).update(language="en")
    Response.objects.filter(pk__in=[one.pk for one in made[:5]]).update(language="en")
    mark = watermark(wave)
    shown = who(wave, mark)
    assert shown.dimensions == {LINK: {"none": 20, "open": 10}, LANGUAGE: {"en": 25, "es": 5}}
    with django_assert_num_queries(0):
        assert who(wave, mark) == shown
    answer(wave, [(4, 4)] * 3, times=1)
    assert who(wave, watermark(wave)).n == 31
