"""Wheel, list and blueprint: the same moments, with the answers of the survey that was chosen."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from resvg_py import svg_to_bytes

from cycles.models import Moment, Requirement, Stage
from prioritization.matrix import refresh_stale
from surveys.models import Respondent
from tests.prioritization.answers import answer, survey_of, wave_of

pytestmark = pytest.mark.once  # drawings

VIEWS = ("", "list/", "blueprint/")
HTMX = {"HX-Request": "true"}


@pytest.fixture
def waves(world):
    """In Winter everybody was content with the first moment, in Spring nobody was."""
    survey = survey_of(world.cycle)
    winter, spring = wave_of(survey, 1, name="Winter"), wave_of(survey, 2, name="Spring")
    answer(winter, [(4, 5), (4, 3), (4, 3)], times=12)
    answer(spring, [(4, 1), (4, 3), (4, 3)], times=14)
    refresh_stale()
    return winter, spring


@pytest.fixture
def first(world):
    return Moment.objects.get(stage__cycle=world.cycle, name="Find the shop")


def url_of(world, view="", query=""):
    return world.url(f"cycles/{world.cycle.pk}/{view}{query}")


@pytest.mark.parametrize("view", VIEWS)
def test_each_view_is_a_click_from_the_others(world, consultant, waves, view):
    page = consultant.get(url_of(world, view, f"?wave={waves[0].pk}")).content.decode()
    for other in VIEWS:
        here = ' aria-current="page"' if other == view else ""
        assert f'<a href="{url_of(world, other, f"?wave={waves[0].pk}")}"{here}>' in page
    assert page.count("<h1") == 1
    assert ("on the wheel" in page) is (view == ""), "no wheel, no word of it"


def test_the_latest_survey_colours_the_wheel_until_another_is_chosen(world, consultant, waves, first):
    page = consultant.get(url_of(world)).content.decode()
    assert "1, Find the shop, importance 4.0, satisfaction 1.0" in page
    assert f'<option value="{waves[1].pk}" selected>Spring</option>' in page
    page = consultant.get(url_of(world, "", f"?wave={waves[0].pk}")).content.decode()
    assert "1, Find the shop, importance 4.0, satisfaction 5.0" in page
    assert f'<option value="{waves[0].pk}" selected>Winter</option>' in page
    assert f'href="?wave={waves[0].pk}&amp;moment={first.pk}"' in page


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_shows_the_chosen_survey(world, consultant, waves, view):
    spring, winter = (
        consultant.get(url_of(world, view, f"?wave={wave.pk}")).content.decode() for wave in reversed(waves)
    )
    badge = re.compile(r'class="num sat-bg-(\d)">1<')
    assert (badge.search(spring)[1], badge.search(winter)[1]) == ("1", "5")


def test_a_change_keeps_the_survey_and_the_view(world, consultant, waves, first):
    here = f"http://testserver{url_of(world, '', f'?wave={waves[0].pk}')}"
    headers = {**HTMX, "HX-Target": "list", "HX-Current-URL": here}
    text = consultant.post(
        world.url(f"moments/{first.pk}/move/"), {"to": "down"}, headers=headers
    ).content.decode()
    assert "2, Find the shop, importance 4.0, satisfaction 5.0" in text
    on_list = {**headers, "HX-Current-URL": f"http://testserver{url_of(world, 'list/')}"}
    text = consultant.post(
        world.url(f"moments/{first.pk}/move/"), {"to": "up"}, headers=on_list
    ).content.decode()
    assert "w-node" not in text
    assert f'href="?moment={first.pk}"' in text


def test_choosing_answers_the_whole_bench(world, consultant, waves):
    text = consultant.get(
        url_of(world, "", f"?wave={waves[0].pk}"), headers={**HTMX, "HX-Target": "bench"}
    ).content.decode()
    assert text.lstrip().startswith('<div class="bench"')
    assert "satisfaction 5.0" in text
    assert 'id="emotion"' in text


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("asked", ["999999", "x", "٣", "-1", "1" * 40])
def test_a_survey_there_is_not_is_said_and_the_latest_shown(world, consultant, waves, view, asked):
    answer = consultant.get(url_of(world, view, f"?wave={asked}"))
    assert answer.status_code == 422
    assert "This cycle has no such survey with answers." in answer.content.decode()
    assert f'<option value="{waves[1].pk}" selected>' in answer.content.decode()


def test_a_survey_of_another_workspace_is_none_of_ours(world, stranger, consultant, waves):
    theirs = wave_of(survey_of(stranger.cycle), 1, name="Secret")
    answer(theirs, [(4, 5), (4, 3), (4, 3)], times=12)
    refresh_stale()
    page = consultant.get(url_of(world, "", f"?wave={theirs.pk}"))
    assert page.status_code == 422
    assert "Secret" not in page.content.decode()


def test_others_than_customers_may_be_chosen_but_never_come_first(world, consultant, waves):
    staff = wave_of(survey_of(world.cycle, respondent=Respondent.STAFF), 1, name="Team")
    answer(staff, [(4, 4), (4, 3), (4, 3)], times=12)
    refresh_stale()
    page = consultant.get(url_of(world)).content.decode()
    assert f'<option value="{waves[1].pk}" selected>' in page
    assert re.search(rf'<option value="{staff.pk}">Team · [^<]+ · Staff<', page)
    page = consultant.get(url_of(world, "", f"?wave={staff.pk}")).content.decode()
    assert "1, Find the shop, importance 4.0, satisfaction 4.0" in page


def test_the_list_says_in_words_what_the_wheel_draws(world, consultant, waves, first):
    Moment.objects.filter(pk=first.pk).update(emotion=-1, channels=["phone", "web"])
    Requirement.objects.create(moment=first, position=0, name="A sign at the door")
    page = consultant.get(url_of(world, "list/")).content.decode()
    assert (
        "<small>Phone, Web~· importance~4.0~· 14~answers~· "
        "expected~emotion~\N{MINUS SIGN}1~· 1~requirement</small>"
    ).replace("~", "\N{NO-BREAK SPACE}") in page  # only between two facts a line may end
    assert "w-node" not in page
    opened = consultant.get(
        url_of(world, "list/", f"?moment={first.pk}"),
        headers={
            **HTMX,
            "HX-Target": "panel",
            "HX-Current-URL": f"http://testserver{url_of(world, 'list/')}",
        },
    ).content.decode()
    assert opened.lstrip().startswith('<aside class="bench__panel')
    assert "wheel-chart" not in opened


def test_the_ring_can_be_walked(world, consultant, first):
    page = consultant.get(url_of(world)).content.decode()
    assert f'<a class="w-node" id="w-{first.pk}"' in page
    assert 'aria-describedby="wheel-keys"' in page
    assert "The arrow keys walk the ring" in page
    assert "js/wheel" in page


def test_the_key_says_what_colours_and_shapes_mean(world, consultant):
    page = consultant.get(url_of(world)).content.decode()
    for words in ("The larger, the more important", "Critical", "Nobody has rated it", "Not enough answers"):
        assert words in page


def test_buttons_outside_their_form_say_that_they_submit(world, consultant):
    """htmx minds them only then; else a move would be posted to the address of the form."""
    page = consultant.get(url_of(world)).content.decode()
    assert page.count('type="submit" id="up-') == page.count('id="up-') == 3
    assert page.count('type="submit" id="down-') == page.count('id="down-') == 3


# --- As a file -----------------------------------------------------------------------------------


def test_the_wheel_is_a_file_with_its_name_and_its_key(world, consultant, waves):
    answer = consultant.get(url_of(world, "wheel.svg", f"?wave={waves[0].pk}"))
    assert answer["Content-Type"] == "image/svg+xml; charset=utf-8"
    assert f'filename="wheel-{world.cycle.pk}.svg"' in answer["Content-Disposition"]
    svg = answer.content.decode()
    assert "Cycle of alba" in svg
    assert "Winter" in svg
    assert "satisfaction 5.0" in svg
    for words in ("hatched: nobody has rated it", "outline only: not enough answers"):
        assert words in svg
    assert "href" not in svg
    assert svg_to_bytes(svg_string=svg)


def test_the_wheel_is_a_picture(world, consultant):
    answer = consultant.get(url_of(world, "wheel.png"))
    assert answer["Content-Type"] == "image/png"
    assert answer.content.startswith(b"\x89PNG\r\n")
    width = int.from_bytes(answer.content[16:20])
    assert width >= 1500


# --- However long --------------------------------------------------------------------------------


def fill(world, n):
    Moment.objects.filter(stage__cycle=world.cycle).delete()
    stages = list(Stage.objects.filter(cycle=world.cycle))
    stages += [
        Stage.objects.create(cycle=world.cycle, position=k, name=f"Stage number {k}", colour="abcdefgh"[k])
        for k in range(len(stages), 6)
    ]
    for i in range(n):
        moment = Moment.objects.create(
            stage=stages[i * 6 // n],
            position=i,
            name=f"Wait at the counter for the {i}th answer of the day",
            channels=["phone"],
            is_critical=i % 5 == 0,
            emotion=i % 5 - 2,
        )
        for k in range(4):
            Requirement.objects.create(moment=moment, position=k, name="Not to wait more than four minutes")


@pytest.mark.parametrize("view", VIEWS)
def test_sixty_moments_cost_no_query_more_than_ten(world, consultant, view):
    counted = []
    for n in (10, 60):
        fill(world, n)
        consultant.get(url_of(world, view))
        with CaptureQueriesContext(connection) as captured:
            assert consultant.get(url_of(world, view)).status_code == 200
        counted.append(len(captured))
    assert counted[0] == counted[1]


def test_sixty_moments_are_a_light_page(world, consultant):
    fill(world, 60)
    moment = Moment.objects.filter(stage__cycle=world.cycle).first()
    for query in ("", f"?moment={moment.pk}"):
        assert len(consultant.get(url_of(world, "", query)).content) < 150_000
