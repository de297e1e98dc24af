"""Change between two waves, from plain matrices."""

import pytest

from prioritization.comparison import changes, key_of


def moment(pk, satisfaction, se=0.05, n=200, item=0, **more):
    return {
        "id": pk,
        "item": item,
        "importance": 4.0,
        "satisfaction": satisfaction,
        "se_satisfaction": se,
        "n_satisfaction": n,
        "suppressed": False,
        **more,
    }


def wave(*moments):
    return {"moments": list(moments)}


def test_a_change_is_later_less_earlier():
    change = changes(wave(moment(1, 3.5)), wave(moment(1, 3.0, importance=4.4)))["1"]
    assert change.difference == pytest.approx(0.5)
    assert (change.satisfaction_before, change.importance_before) == (3.0, 4.4)
    assert change.low < 0.5 < change.high
    assert change.verdict == "improved"
    assert changes(wave(moment(1, 3.0)), wave(moment(1, 3.5)))["1"].verdict == "worsened"


def test_the_same_difference_is_clear_with_many_answers_and_may_be_chance_with_few():
    def verdict(se):
        return changes(wave(moment(1, 3.2, se)), wave(moment(1, 3.0, se)))["1"].verdict

    assert verdict(0.03) == "improved"
    assert verdict(0.20) == "no_evidence"


def test_many_comparisons_make_a_claim_harder():
    """A difference of 2.2 standard errors convinces alone, not as the best of twenty (S6.5)."""
    now, before = moment(1, 3.0 + 2.2 * 0.05 * 2**0.5), moment(1, 3.0)
    alone = changes(wave(now), wave(before))["1"]
    still = [moment(pk, 3.0) for pk in range(2, 21)]
    among = changes(wave(now, *still), wave(before, *still))["1"]
    assert alone.clear
    assert not among.clear
    assert among.p == pytest.approx(20 * alone.p)


def test_moments_hidden_or_unknown_in_either_wave_are_not_compared():
    now = wave(moment(1, 3.5), moment(2, 3.5, suppressed=True), moment(3, 3.5))
    before = wave(moment(1, 3.0), moment(2, 3.0), moment(3, 3.0, suppressed=True), moment(4, 3.0))
    assert set(changes(now, before)) == {"1"}


def test_without_any_spread_nothing_is_claimed():
    change = changes(wave(moment(1, 4.0, se=0.0)), wave(moment(1, 3.0, se=0.0)))["1"]
    assert change.p is None
    assert not change.clear


def test_a_moment_gone_from_the_map_is_known_by_its_question():
    assert key_of(moment(None, 3.0, item=7)) == "q7"
    assert key_of(moment(7, 3.0, item=1)) == "7"


def test_a_tiny_effect_is_no_improvement_however_sure_it_is():
    """S8.5: a twentieth of a standard deviation, known from a hundred thousand answers."""
    change = changes(wave(moment(1, 3.05, 0.0032, 100_000)), wave(moment(1, 3.0, 0.0032, 100_000)))["1"]
    assert change.p < 0.001
    assert not change.clear


def test_the_worst_of_many_must_rise_by_more_than_the_pull_of_the_mean():
    """S8.4: it was chosen because it was low, by chance as much as by nature."""
    rest = [moment(pk, 3.0, 0.2, 100) for pk in range(2, 12)]
    before = wave(moment(1, 2.34, 0.2, 100), *rest)
    now = wave(moment(1, 2.935, 0.01, 10_000), *rest)
    change = changes(now, before)["1"]
    assert change.low > 0
    assert change.p < 0.05
    assert change.verdict == "no_evidence"
