"""Every page of the example workspace as people see it: no fault, no sideways scrolling, no barrier."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from tests.browser.conftest import Product, open_window
from tests.browser.looking import NARROW, WINDOWS, confirm, log_in, open_page, window_to_look

# Every page of the example workspace, as {"name", "path", "public"}.
TELL = "from tests.example_pages import tell; tell('ferrer')"


@pytest.fixture(scope="module")
def example(product: Product) -> list[dict[str, str]]:
    product.manage("demo")
    found: list[dict[str, str]] = json.loads(product.manage("shell", "-v0", "-c", TELL))
    return sorted(found, key=lambda page: page["name"])


# Looked at in both windows; every other page in one of them, by turns: one language and one theme say
# enough about it. What stands behind a "?" is the page in another state.
BOTH = {
    "workspace", "prioritization:overview", "cycles:map", "cycles:requirements", "cycles:plan",
    "prioritization:matrix", "surveys:survey", "prioritization:reports", "customers:survey",
}  # fmt: skip
STATES = {
    "cycles:plan": ["?view=board"],
    "prioritization:matrix": ["?importance=derived"],
    "cycles:search": ["?q=caja"],
}
NAMED = """
from accounts.models import Client, User
from cycles.models import Action, ActionPlan, Cycle, Indicator, Moment, Requirement, ServiceLevel, Stage
from surveys.models import Case, Cause, Contact, Segment, Shopper, Survey, Visit, Wave
import json, sys
MODELS = (
    ("name", Action, ActionPlan, Cause, Client, Contact, Cycle, Indicator, Moment, Requirement, Segment,
     ServiceLevel, Shopper, Stage, Survey, User, Wave),
    ("title", Case),
    ("place", Client, Visit),
)
ALL = [(field, model) for field, *models in MODELS for model in models]
"""
# Names as long as their fields allow, in words without a place to break, as German has. Prints the old ones.
LONG_WORDS = """
from django.db.models import CharField, F, Value
from django.db.models.functions import Cast, Concat
print(json.dumps([list(model.objects.values_list("pk", field)) for field, model in ALL]))
word = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 2
for field, model in ALL:
    most = min(model._meta.get_field(field).max_length, len(word)) - 8
    said = Concat(Value(word[:most]), Cast(F("pk"), CharField()), output_field=CharField())
    model.objects.update(**{field: said})
"""
OLD_WORDS = """
for (field, model), known in zip(ALL, json.load(sys.stdin), strict=True):
    model.objects.bulk_update([model(pk=pk, **{field: name}) for pk, name in known], [field], batch_size=500)
"""
OUTSIDE = ["/accounts/login/", "/accounts/password/reset/", "/s/wrong/"]


def test_on_paper_stands_what_was_found_and_nothing_to_press(
    product: Product, chrome: Browser, example: list[dict[str, str]]
) -> None:
    watched = open_window(chrome, viewport={"width": 794, "height": 1123}, color_scheme="dark")
    page = watched.page
    log_in(page, product)
    page.emulate_media(media="print")
    for address in [at["path"] for at in example if at["name"] in BOTH and not at["public"]]:
        page.goto(product.url + address)
        assert page.locator("h1").first.is_visible(), address
        for pressed in (".method", ".btn", ".find", ".seg", ".icon-btn"):
            assert page.locator(pressed).filter(visible=True).count() == 0, (address, pressed)
        assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "light"
    assert not watched.faults


TWO_PLACES = """
from surveys import places
from surveys.models import Wave
wave = Wave.objects.filter(status="open", survey__respondent="customer").latest("pk")
places.give_links(wave, ["Counter on paper", "Door on paper " + "x" * 60], is_kiosk=False)
print(wave.pk)
"""
NO_PLACES = (
    'from surveys.models import OpenLink; OpenLink.objects.filter(place__contains=" on paper").delete()'
)


def test_a_sheet_for_a_counter_fills_one_page_of_its_paper(
    product: Product, chrome: Browser, example: list[dict[str, str]], tmp_path: Path
) -> None:
    assert example
    wave = product.manage("shell", "-v0", "-c", TWO_PLACES).split()[-1]
    try:
        page = open_window(chrome).page
        log_in(page, product)
        for size, width in (("a4", 210), ("a6", 105)):
            page.goto(f"{product.url}/w/ferrer/waves/{wave}/places/sheets/?q=on+paper&size={size}")
            file = tmp_path / f"{size}.pdf"
            page.pdf(path=file, prefer_css_page_size=True)
            sheets = PdfReader(file).pages
            assert len(sheets) == 2, size
            assert [round(float(sheet.mediabox.width) / 72 * 25.4) for sheet in sheets] == [width] * 2
            assert ["on paper" in sheet.extract_text() for sheet in sheets] == [True] * 2
    finally:
        product.manage("shell", "-v0", "-c", NO_PLACES)


# What the style sheets alone lay out, measured.
LEFTS = "all => all.map(one => Math.round(one.getBoundingClientRect().left))"
TOPS = "all => all.map(one => Math.round(one.getBoundingClientRect().top))"
HEIGHTS = "all => all.map(one => one.offsetHeight)"
WORDS_LEFT = """one => {
    const words = document.createRange()
    words.selectNodeContents(one)
    return words.getBoundingClientRect().left
}"""
MORE = "box => [box.scrollWidth > box.clientWidth, getComputedStyle(box).getPropertyValue('--more')]"


def page_of(page: Page, product: Product, example: list[dict[str, str]], name: str) -> None:
    page.goto(product.url + next(at["path"] for at in example if at["name"] == name))


def test_on_a_phone_forms_come_first_and_tables_are_cards(
    product: Product, chrome: Browser, example: list[dict[str, str]]
) -> None:
    page = open_window(chrome, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True).page
    log_in(page, product)

    for name in ("cycles:stage_add", "cycles:stage_edit", "cycles:moment_edit"):
        page_of(page, product, example, name)
        panel, moments = page.locator("#panel, .bench__list").evaluate_all(TOPS)[::-1]
        assert panel < moments, name
    page_of(page, product, example, "cycles:map")
    panel, moments = page.locator("#panel, .bench__list").evaluate_all(TOPS)[::-1]
    assert panel > moments, "nothing is open: the list comes first"

    page_of(page, product, example, "cycles:stage_add")
    rows = page.locator(".swatch").evaluate_all(TOPS)
    assert sorted(rows.count(top) for top in set(rows)) == [4, 4]
    assert set(page.locator(".swatch").evaluate_all(HEIGHTS)) == {44}

    page_of(page, product, example, "surveys:visit_fill")
    moment = page.locator(".visit-card tbody tr").first
    edges = moment.locator("select").evaluate_all("all => all.map(one => one.getBoundingClientRect().right)")
    assert len(edges) == 6
    assert max(edges) < 390
    named = moment.locator("td").evaluate_all(
        "all => all.map(one => getComputedStyle(one, '::before').content.slice(1, -1))"
    )
    assert named == page.locator(".visit-card thead th").all_text_contents()[1:]
    page_of(page, product, example, "surveys:visits")
    assert page.locator(".scroll-x:has(.visit-list)").evaluate(MORE)[0] is False

    page_of(page, product, example, "prioritization:matrix_depth")
    box = page.locator("#rules .scroll")
    assert box.evaluate(MORE) == [True, "48px"], "it fades where it goes on"
    box.evaluate("box => box.scrollTo(box.scrollWidth, 0)")
    expect(box).to_have_css("--more", "0px")


def test_on_a_tablet_nothing_runs_off_to_the_side_and_what_was_asked_for_is_in_sight(
    product: Product, chrome: Browser, example: list[dict[str, str]]
) -> None:
    page = open_window(chrome, viewport={"width": 768, "height": 1024}, has_touch=True).page
    log_in(page, product)

    for name, table in (("prioritization:views", ".four"), ("surveys:visits", ".visit-list")):
        page_of(page, product, example, name)
        box = page.locator(f":is(.scroll, .scroll-x):has({table})")
        assert box.evaluate(MORE)[0] is False, name
    page_of(page, product, example, "cycles:plan")
    assert len(set(page.locator(".ac").first.locator("> *").evaluate_all(LEFTS))) == 5

    for name, facts, later in (
        ("cycles:action", ".act__side", ".act__more"),
        ("surveys:case", ".case__side", ".case__more"),
    ):
        page_of(page, product, example, name)
        assert sorted(boxes := page.locator(f"{facts}, {later}").evaluate_all(TOPS)) == boxes, name

    page_of(page, product, example, "cycles:map")
    assert page.evaluate("scrollY") == 0
    for name in ("cycles:stage_edit", "cycles:moment_attribute"):
        page_of(page, product, example, name)
        assert 0 <= page.locator("#panel").evaluate_all(TOPS)[0] < 200, name


def test_what_stands_in_a_row_is_even(
    product: Product, chrome: Browser, example: list[dict[str, str]]
) -> None:
    page = open_window(chrome, viewport={"width": 1440, "height": 900}).page
    log_in(page, product)

    page_of(page, product, example, "prioritization:matrix")
    # The longest name that a segment can have.
    page.locator("#f-segment option").first.evaluate("one => { one.textContent = 'Langer Name '.repeat(10) }")
    fields = page.locator(".filters > .field")
    lefts, tops = fields.evaluate_all(LEFTS), fields.evaluate_all(TOPS)
    columns = {left for left, top in zip(lefts, tops, strict=True) if top == tops[0]}
    assert len(set(tops)) > 1
    assert set(lefts) <= columns
    widths = page.locator(".filters > .field > select").evaluate_all(
        "all => all.map(one => Math.round(one.getBoundingClientRect().width))"
    )
    assert len(set(widths)) == 1

    page_of(page, product, example, "cycles:stage_add")
    assert len(set(page.locator(".swatch").evaluate_all(TOPS))) == 1

    for name in ("surveys:contact", "cycles:measurement_edit", "cycles:import_cycle"):
        page_of(page, product, example, name)
        unusual = page.locator("main .input:is([type=date], [type=month], [type=file])")
        assert unusual.count(), name
        usual = page.locator("main .input:is([type=text], [type=email], [type=number], select)").first
        tall = usual.evaluate("one => one.offsetHeight") if usual.count() else 36
        assert set(unusual.evaluate_all(HEIGHTS)) == {tall}, name

    page_of(page, product, example, "surveys:visit")
    for quiet in (page.locator("#visit-renew"), page.locator("details.sure > summary")):
        above = quiet.evaluate("one => one.closest('section').getBoundingClientRect().left")
        assert abs(quiet.evaluate(WORDS_LEFT) - above) < 1
    red = page.locator("details.sure > summary").evaluate("one => getComputedStyle(one).color")
    assert red == page.locator("#visit-delete").evaluate("one => getComputedStyle(one).color")
    assert red != page.locator("#visit-renew").evaluate("one => getComputedStyle(one).color")


@pytest.mark.parametrize("window", WINDOWS)
def test_no_page_has_a_fault(
    product: Product, chrome: Browser, example: list[dict[str, str]], window: str
) -> None:
    watched = window_to_look(chrome, window)
    page, theme = watched.page, WINDOWS[window].theme
    turn = list(WINDOWS).index(window)
    others = [at for at in example if at["name"] not in BOTH][turn::2]
    mine = [at for at in example if at["name"] in BOTH]
    assert len(mine) == len(BOTH)
    faults = {}
    for path in OUTSIDE + [at["path"] for at in mine + others if at["public"]]:
        faults[path] = open_page(page, product.url + path, theme)
    log_in(page, product)
    confirm(page, product)
    for at in mine:
        for state in ["", *STATES.get(at["name"], [])]:
            faults[at["path"] + state] = open_page(page, product.url + at["path"] + state, theme)
    if window.startswith("phone"):
        page.set_viewport_size({"width": NARROW, "height": 700})
    for at in others:
        for state in ["", *STATES.get(at["name"], [])]:
            faults[at["path"] + state] = open_page(page, product.url + at["path"] + state, theme)
    told = [f"{path}: {fault}" for path, found in faults.items() for fault in found]
    assert not told, "\n".join(told)
    assert not watched.faults


def test_long_words_make_no_page_scroll_sideways(
    product: Product, chrome: Browser, example: list[dict[str, str]]
) -> None:
    known = product.manage("shell", "-v0", "-c", NAMED + LONG_WORDS)
    try:
        watched = open_window(chrome, viewport={"width": NARROW, "height": 700}, locale="es-ES")
        page = watched.page
        log_in(page, product)
        wide = {}
        for at in example:
            if not at["public"]:
                page.goto(product.url + at["path"])
                scrolls = page.evaluate("document.documentElement.scrollWidth")
                if scrolls > NARROW:
                    wide[at["name"]] = scrolls
    finally:
        # Other tests use the same example.
        product.manage("shell", "-v0", "-c", NAMED + OLD_WORDS, stdin=known)
    assert not wide
