"""The sentence over the matrix, from the figures alone."""

from dataclasses import replace

from prioritization import finding
from prioritization.analysis.crosshair import Crosshair, Rule
from prioritization.board import Board, Row
from prioritization.comparison import Change

PLAIN = Row(
    key="1",
    number="1",
    name="Pay",
    stage="",
    on_map=True,
    importance=4.5,
    satisfaction=3.0,
    se_importance=0.1,
    se_satisfaction=0.1,
    gap=1.5,
    gap_pomp=37.5,
    n_importance=100,
    n_satisfaction=100,
    n_not_experienced=0,
    n_no_answer=0,
    reach=1.0,
    indicative=False,
    on_line=False,
    quadrant="concentrate_here",
    p_quadrant=None,
    verdict="firm",
    rank=1,
    ellipse=None,
)


def board(*rows, n=200):
    return Board(n, (1, 5), Crosshair(Rule.GRAND_MEAN, 4, 4), rows, ())


def row(name, **fields):
    return replace(PLAIN, name=name, key=name, **fields)


QUEUE, SWAP, FIT = (
    row("Queue at the till"),
    row("Exchange", gap=1.4, rank=2),
    row("Fitting room", gap=0.5, rank=3),
)


def test_the_most_urgent_moments_are_named():
    assert finding.of_the_matrix(board(QUEUE)) == "“Queue at the till” asks for action first"
    assert (
        finding.of_the_matrix(board(QUEUE, SWAP, FIT))
        == "“Queue at the till” and “Exchange” ask for action first"
    )


def test_a_second_that_is_far_less_urgent_is_not_named_beside_the_first():
    assert finding.of_the_matrix(board(QUEUE, FIT)) == "“Queue at the till” asks for action first"


def test_with_few_answers_the_sentence_says_so():
    assert (
        finding.of_the_matrix(board(QUEUE, n=20))
        == "“Queue at the till” seems to ask for action first, so far"
    )
    assert "so far" in finding.of_the_matrix(board(QUEUE, SWAP, n=29))
    assert "so far" not in finding.of_the_matrix(board(QUEUE, SWAP, n=30))


def test_what_is_uncertain_may_not_head_the_page():
    doubtful = replace(QUEUE, verdict="uncertain")
    assert finding.of_the_matrix(board(doubtful, SWAP)) == "“Exchange” asks for action first"
    assert finding.of_the_matrix(board(doubtful)) == (
        "“Queue at the till” may ask for action; the answers do not decide it yet"
    )


def test_nothing_to_act_on_is_said_too():
    assert finding.of_the_matrix(board(row("Pay", quadrant="keep_up"))) == (
        "No moment asks for action: what matters most also satisfies"
    )
    assert finding.of_the_matrix(board(row("Park", quadrant="low_priority"))) == (
        "No moment stands out for its importance"
    )


def test_too_few_answers():
    assert finding.of_the_matrix(board(n=7)) == "There are still too few answers to place the moments"


def changed(name, difference, p=0.001):
    verdict = "no_evidence" if p > 0.05 else "improved" if difference > 0 else "worsened"
    return row(name, change=Change(4.0, 3.0, difference, difference - 0.1, difference + 0.1, p, verdict))


def test_changes_in_one_sentence():
    say = finding.of_the_changes
    better, best, worse = changed("Pay", 0.3), changed("Ask", 0.6), changed("Queue", -0.3)
    chance = changed("Park", 0.4, p=0.3)
    assert say(board(better, best, worse, chance)) == "2 moments truly improve; “Queue” gets worse"
    assert say(board(better)) == "“Pay” truly improves"
    assert say(board(worse, changed("Wait", -0.2))) == "2 moments get worse"
    assert say(board(chance)) == "No change is more than chance"
    assert say(board(row("Pay"))) == "No moment can be compared"


def test_the_largest_rise_comes_first_and_the_deepest_fall_last():
    rows = [changed("Queue", -0.3), changed("Pay", 0.3), changed("Ask", 0.6), changed("Park", 0.9, p=0.5)]
    assert [r.name for r in board(*rows).changed] == ["Ask", "Pay", "Queue"]
    assert board(*rows).unclear == 1
