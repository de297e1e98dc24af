"""The open matrix page while customers answer; its crosshair by hand; points and rows; filters and Back."""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Product, Watched, open_window

FREE = """
from cycles.models import Cycle
from surveys.links import survey_url
from surveys.models import Invitation, SurveyStatus
cycle = Cycle.objects.filter(surveys__isnull=False, client__workspace__slug="ferrer").distinct().get()
free = Invitation.objects.filter(
    wave__survey__cycle=cycle, wave__status=SurveyStatus.OPEN, revoked_at=None, response=None,
    contact__opted_out_at=None,
).order_by("-pk")[:3]
print(cycle.pk, *(survey_url(one) for one in free))
"""
LIVE_SECONDS = 5.0


@dataclass
class Desk:
    page: Page
    watched: Watched
    matrix: str
    links: list[str]


@pytest.fixture(scope="module")
def place(product: Product) -> list[str]:
    product.manage("demo")
    return product.manage("shell", "-v0", "-c", FREE).split()


@pytest.fixture
def desk(product: Product, chrome: Browser, place: list[str]) -> Iterator[Desk]:
    watched = open_window(chrome, viewport={"width": 1440, "height": 1000}, locale="en-GB")
    page = watched.page
    page.goto(f"{product.url}/accounts/login/")
    page.locator("input[name=login]").fill("noelia.prado@lunaria.example")
    page.locator("input[name=password]").fill("cyclemap-demo")
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url("**/w/ferrer/**")
    page.locator("button[name=language][value=en]").first.click()
    page.wait_for_load_state()
    yield Desk(page, watched, f"{product.url}/w/ferrer/cycles/{place[0]}/matrix/", place[1:])
    assert not watched.faults, watched.faults
    page.context.close()


def send(chrome: Browser, link: str) -> None:
    """A customer's phone: the best of everything, lived all of it."""
    phone = open_window(chrome, viewport={"width": 390, "height": 844}, java_script_enabled=False)
    page = phone.page
    page.goto(link)
    names = page.locator("form input[type=radio]").evaluate_all("all => all.map(one => one.name)")
    for name in dict.fromkeys(names):
        choices = page.locator(f"input[name='{name}'][type=radio]")
        (choices.first if choices.count() == 2 else choices.last).check(force=True)
    page.get_by_role("button", name=re.compile("Send|Enviar")).click()
    expect(page.locator("h1")).to_contain_text(re.compile("Thank|Gracias", re.IGNORECASE))
    assert not phone.faults
    page.context.close()


def answers(page: Page) -> int:
    found = re.search(r"(\d+) answers, ", page.locator("#matrix figcaption").first.inner_text())
    assert found
    return int(found[1])


def counts(page: Page) -> list[int]:
    cells = page.locator(".rank tbody tr:not(.grp) td:nth-of-type(4)").all_inner_texts()
    return [int(cell.replace(",", "")) for cell in cells]


def test_an_answer_is_on_the_open_page_within_five_seconds(desk: Desk, chrome: Browser) -> None:
    page = desk.page
    page.goto(f"{desk.matrix}?cross=target&ts=3.90&ti=4.00&sort=gap")
    page.locator("#matrix-words summary").click()
    row = page.locator(".rank a.row").first
    row.focus()
    focused = row.get_attribute("id")
    page.evaluate("window.untouched = true")
    before, rated, points = answers(page), counts(page), page.locator("svg.mx .mx-pt").count()
    send(chrome, desk.links[0])
    sent = time.monotonic()
    expect(page.locator("#matrix figcaption").first).to_contain_text(
        f"{before + 1} answers", timeout=LIVE_SECONDS * 1000
    )
    assert time.monotonic() - sent < LIVE_SECONDS
    assert sorted(counts(page)) == sorted(n + 1 for n in rated), "every moment was lived and rated"
    assert page.locator("svg.mx .mx-pt").count() == points
    assert page.evaluate("window.untouched"), "the page was not loaded again"
    # What the person had set and was doing is as it was.
    assert "ts=3.90" in page.url
    expect(page.locator("#f-ts")).to_have_value("3.90")
    expect(page.locator("#f-cross-target")).to_be_checked()
    expect(page.locator(".rank thead [aria-sort]")).to_have_count(1)
    expect(page.locator("#matrix-words")).to_have_attribute("open", "")
    assert page.evaluate("document.activeElement.id") == focused
    expect(page.locator("#matrix tr.is-near", has=page.locator(f"#{focused}"))).to_have_count(1)
    expect(page.locator("#matrix-news")).to_contain_text(f"up to date with {before + 1} answers")


def test_a_screen_reader_is_told_of_more_answers_only_now_and_then(desk: Desk, chrome: Browser) -> None:
    page = desk.page
    page.goto(desk.matrix)
    before = answers(page)
    send(chrome, desk.links[1])
    expect(page.locator("#matrix-news")).to_contain_text(f"{before + 1} answers", timeout=10_000)
    send(chrome, desk.links[2])
    expect(page.locator("#matrix figcaption").first).to_contain_text(f"{before + 2} answers", timeout=10_000)
    expect(page.locator("#matrix-news")).to_contain_text(f"{before + 1} answers")


def test_while_nothing_moves_the_page_asks_and_gets_nothing(desk: Desk) -> None:
    page = desk.page
    page.goto(desk.matrix)
    with page.expect_response(lambda r: "/matrix/live/" in r.url, timeout=6_000) as waiting:
        page.wait_for_timeout(100)
    assert waiting.value.status == 204
    assert page.locator("#matrix-news").inner_text() == ""


def centre(page: Page, what: str) -> tuple[float, float]:
    # Once the font has come nothing moves any more.
    page.evaluate("document.fonts.ready.then(() => true)")
    page.locator(what).scroll_into_view_if_needed()
    box = page.locator(what).bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def in_address(page: Page, name: str) -> float:
    found = re.search(rf"[?&]{name}=([\d.]+)", page.url)
    assert found, page.url
    return float(found[1])


def test_the_crosshair_is_dragged_and_back_brings_the_old_one(desk: Desk) -> None:
    page = desk.page
    page.goto(desk.matrix)
    was = float(str(page.locator("#mx-grip-x").get_attribute("aria-valuenow")))
    x, y = centre(page, "#mx-grip-x circle")
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 30, y, steps=4)
    assert page.locator(".mx-ghost").get_attribute("d"), "a line shows where it would be"
    page.mouse.move(x + 60, y, steps=4)
    page.mouse.up()
    page.wait_for_url(re.compile("cross=target"))
    now = in_address(page, "ts")
    assert now > was + 0.1
    expect(page.locator("#mx-grip-x")).to_have_attribute("aria-valuenow", f"{now:.2f}")
    expect(page.locator("#f-ts")).to_have_value(f"{now:.2f}")
    page.go_back()
    expect(page.locator("#mx-grip-x")).to_have_attribute("aria-valuenow", f"{was:.2f}")
    expect(page.locator("#f-cross-mean")).to_be_checked()
    page.go_forward()
    expect(page.locator("#mx-grip-x")).to_have_attribute("aria-valuenow", f"{now:.2f}")


def test_both_lines_are_dragged_at_their_crossing_and_never_off_the_scale(desk: Desk) -> None:
    page = desk.page
    page.goto(desk.matrix)
    x, y = centre(page, "#mx-grip-both circle")
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 1500, y - 1500, steps=5)
    page.mouse.up()
    page.wait_for_url(re.compile("cross=target"))
    assert (in_address(page, "ts"), in_address(page, "ti")) == (5.0, 5.0)


def test_the_crosshair_is_moved_by_arrow_keys_and_keeps_the_focus(desk: Desk) -> None:
    page = desk.page
    page.goto(desk.matrix)
    grip = page.locator("#mx-grip-y")
    was = float(str(grip.get_attribute("aria-valuenow")))
    assert grip.get_attribute("role") == "slider"
    grip.focus()
    for _press in range(3):
        page.keyboard.press("ArrowDown")
    page.wait_for_url(re.compile("cross=target"))
    assert in_address(page, "ti") == pytest.approx(was - 0.15, abs=0.02)
    expect(page.locator("#mx-grip-y")).to_be_focused()


def test_a_value_is_typed_and_a_wrong_one_is_kept_and_explained(desk: Desk) -> None:
    page = desk.page
    page.goto(desk.matrix)
    page.locator("label", has=page.locator("#f-cross-target")).click()
    page.wait_for_url(re.compile("cross=target"))
    page.locator("#f-ts").fill("4.25")
    page.locator("#f-ts").press("Tab")
    page.wait_for_url(re.compile(r"ts=4\.25"))
    expect(page.locator("#mx-grip-x")).to_have_attribute("aria-valuenow", "4.25")
    page.locator("#f-ts").fill("12")
    page.locator("#f-ts").press("Tab")
    expect(page.locator("#e-ts")).to_be_visible()
    expect(page.locator("#f-ts")).to_have_value("12")


def test_a_point_marks_its_row_and_a_row_its_point(desk: Desk) -> None:
    page = desk.page
    page.goto(desk.matrix)
    row = page.locator(".rank tr[data-moment]").nth(4)
    number = row.get_attribute("data-moment")
    point = page.locator(f"svg.mx .mx-pt[data-moment='{number}']").first
    row.hover()
    expect(point).to_have_class(re.compile("is-near"))
    page.mouse.move(2, 2)
    expect(point).not_to_have_class(re.compile("is-near"))
    point.hover()
    expect(row).to_have_class(re.compile("is-near"))
    page.mouse.move(2, 2)
    expect(row).not_to_have_class(re.compile("is-near"))
    # The same by keyboard, both ways.
    row.locator("a.row").focus()
    expect(point).to_have_class(re.compile("is-near"))
    point.focus()
    expect(row).to_have_class(re.compile("is-near"))


def test_filters_are_in_the_address_and_back_takes_them_away(desk: Desk) -> None:
    page = desk.page
    page.goto(desk.matrix)
    everybody = answers(page)
    value = page.locator("#f-segment option").nth(1).get_attribute("value")
    page.locator("#f-segment").select_option(value)
    page.wait_for_url(re.compile("segment="))
    caption = page.locator("#matrix figcaption").first
    expect(caption).not_to_contain_text(f"{everybody} answers")
    stage = page.locator("#f-stage option").nth(1).get_attribute("value")
    page.locator("#f-stage").focus()
    page.locator("#f-stage").select_option(stage)
    page.wait_for_url(re.compile(f"stage={stage}"))
    assert page.evaluate("document.activeElement.id") == "f-stage"
    page.go_back()
    expect(page.locator("#f-stage")).to_have_value("")
    expect(page.locator("#f-segment")).to_have_value(str(value))
    page.go_back()
    expect(page.locator("#f-segment")).to_have_value("")
    expect(caption).to_contain_text(f"{everybody} answers")
