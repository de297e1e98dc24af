"""Before, during, after: what is suggested for a stage without a phase, and how stages get one."""

import pytest

from cycles.models import Cycle, Moment, Stage
from cycles.outline import outline_of
from cycles.phases import suggested
from cycles.scores import Scores
from tests.conftest import log_in

pytestmark = pytest.mark.django_db


def mapped(cycle: Cycle, *stages: tuple[str, list[str]]) -> dict[str, Stage]:
    """Stages of (phase, types of their moments), S1, S2, ..."""
    cycle.stages.all().delete()
    found = {}
    for place, (phase, kinds) in enumerate(stages):
        stage = Stage.objects.create(cycle=cycle, position=place, name=f"S{place + 1}", phase=phase)
        for at, kind in enumerate(kinds):
            Moment.objects.create(stage=stage, position=at, name="M", kind=kind)
        found[stage.name] = stage
    return found


@pytest.mark.parametrize(
    ("stages", "guess"),
    [
        # By the types of their moments.
        ([("", ["research", "choice"]), ("", ["purchase"]), ("", ["reaction"])], "before during after"),
        # Without types by their place.
        ([("", [""]), ("", [""]), ("", [""])], "before during after"),
        ([("", [""]), ("", [""]), ("", [""]), ("", [""])], "before before during after"),
        # Never against the order of what is known.
        ([("during", [""]), ("", ["research"]), ("after", [""])], ". during ."),
        ([("before", [""]), ("", ["reaction"]), ("before", [""])], ". before ."),
        # Two of a kind decide; an even vote is the earlier.
        ([("", ["purchase", "purchase", "research"]), ("", ["purchase", "after_purchase"])], "during during"),
    ],
)
def test_the_suggestion_follows_the_types_and_the_order(world, stages, guess):
    found = mapped(world.cycle, *stages)
    known = suggested(outline_of(world.cycle, Scores()))
    assert [known.get(stage.pk, ".") for stage in found.values()] == guess.split()


def test_one_click_takes_the_suggestion_and_the_history_tells(world, consultant):
    arrive, pay = Stage.objects.filter(cycle=world.cycle)
    url = world.url(f"cycles/{world.cycle.pk}/phases/")
    assert "this is a suggestion" in consultant.get(url).content.decode()
    for _ in range(2):
        taken = consultant.post(url, {f"stage_{arrive.pk}": "before", f"stage_{pay.pk}": "during"})
        assert taken.status_code == 302
    assert [stage.phase for stage in Stage.objects.filter(cycle=world.cycle)] == ["before", "during"]
    assert pay.history.filter(history_type="~").count() == 1
    # What the form does not name stays; none of them is a choice too.
    consultant.post(url, {f"stage_{pay.pk}": "none"})
    assert [stage.phase for stage in Stage.objects.filter(cycle=world.cycle)] == ["before", ""]


def test_a_phase_that_does_not_exist_is_refused(world, consultant, stranger):
    stage = Stage.objects.filter(cycle=world.cycle).first()
    assert stage is not None
    url = world.url(f"cycles/{world.cycle.pk}/phases/")
    wrong = consultant.post(url, {f"stage_{stage.pk}": "someday"})
    assert wrong.status_code == 422
    assert 'aria-invalid="true"' in wrong.content.decode()
    # Another workspace's stage is not reached by its number.
    theirs = Stage.objects.filter(cycle=stranger.cycle).first()
    assert theirs is not None
    consultant.post(url, {f"stage_{theirs.pk}": "after"})
    theirs.refresh_from_db()
    assert theirs.phase == ""


def test_a_viewer_reads_the_phases_and_changes_none(world):
    viewer = log_in(world.viewer)
    url = world.url(f"cycles/{world.cycle.pk}/phases/")
    body = viewer.get(url).content.decode()
    assert "Arrive" in body
    assert "Save the phases" not in body
    assert viewer.post(url, {}).status_code == 403
