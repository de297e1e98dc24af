import pytest

from cycles.dumbbell import WIDTH, draw_dumbbell


@pytest.mark.parametrize(("importance", "satisfaction"), [(4.6, 2.8), (1, 5), (5, 5), (1, 1), (3.1, 3.0)])
def test_marks_and_figures_are_inside_and_the_figures_apart(importance, satisfaction):
    drawn = draw_dumbbell(importance, satisfaction, (1, 5))
    figures = [float(drawn.importance_text), float(drawn.satisfaction_text)]
    assert abs(figures[0] - figures[1]) >= 25.8
    for x in (*figures, float(drawn.importance), float(drawn.satisfaction)):
        assert 7 <= x <= WIDTH - 7
    assert (float(drawn.importance) >= float(drawn.satisfaction)) is (importance >= satisfaction)


def test_ten_steps_have_ten_ticks():
    assert [tick.text for tick in draw_dumbbell(5, 5, (1, 10)).ticks] == [str(n) for n in range(1, 11)]
