"""Pictures of every page, to be looked at: `make screens`, or `python -m tools.screens --only matrix`.

Serves a workspace of its own (the example, and one with too much in it), visits every page of the URLconf
in both languages, both themes and four widths, and writes the pictures and a page with all of them to
screens/. What axe finds, what lies on something else, what scrolls sideways and what answers with a fault is
printed as it is met.
The whole takes its time: `--only`, `--languages`, `--themes`, `--widths`, `--example`, `--quick` narrow it.
"""

import argparse
import contextlib
import html
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import Error as BrowserError

from cyclemap.example import CONSULTANT, PASSWORD, WORKSPACE
from tools import catalogues
from tools.setup import chromium

ROOT = Path(__file__).resolve().parent.parent
CROWDED = "crowded"  # tools.crowded.SLUG, which needs Django
SCREENS = ROOT / "screens"
AXE = (ROOT / "tests" / "vendor" / "axe.min.js").read_text()
TOUCHING = (ROOT / "tests" / "browser" / "touching.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = {320: 700, 390: 844, 768: 1024, 1440: 900, 1920: 1080}
LANGUAGES = {"es": "es-ES", "en": "en-GB"}
THEMES = ("light", "dark")
PATIENCE = 600  # seconds; the example is loaded first
PAGE_SECONDS = 120
TOUCHED = 1000  # narrower windows are those of phones and tablets
HEIGHT = "document.documentElement.scrollHeight"
TALLEST = 16_000  # px of a window that Chromium draws
# A bar that sticks to the window's edge would lie across the middle of a picture of the whole page.
UNSTICK = """document.querySelectorAll("main *").forEach(element => {
  const style = getComputedStyle(element)
  if (style.position === "sticky" && style.bottom !== "auto") element.style.position = "static"
})"""
TELL = "from tests.example_pages import tell; tell({slug!r}, {cycle})"
CROWD = "from tools.crowded import tell; tell({owner!r})"


@dataclass(frozen=True)
class Look:
    language: str
    theme: str
    width: int

    def __str__(self) -> str:
        return f"{self.language}-{self.theme}-{self.width}"


def main() -> None:
    told = arguments()
    catalogues.compile_all()  # else the Spanish pages are English, and nothing says so
    print("Loading the workspaces, a minute or two.", flush=True)
    with tempfile.TemporaryDirectory(prefix="cyclemap-screens-") as folder, served(folder) as (url, env):
        pages = json.loads(manage(env, TELL.format(slug=WORKSPACE, cycle=None)))
        if not told.example:
            cycle = manage(env, CROWD.format(owner=CONSULTANT)).strip()
            crowded = json.loads(manage(env, TELL.format(slug=CROWDED, cycle=cycle)))
            pages += [
                {**page, "name": f"{CROWDED}.{page['name']}"} for page in crowded if CROWDED in page["path"]
            ]
        pages = [page for page in pages if re.search(told.only, page["name"])]
        looks = [
            Look(language, theme, width)
            for language in told.languages
            for theme in told.themes
            for width in told.widths
        ]
        faults = shoot(url, pages, looks, told)
    write_index(told.folder, [page["name"] for page in pages], looks, faults)
    print(f"{len(pages)} pages x {len(looks)} looks in {told.folder}/index.html; {len(faults)} faults")
    sys.exit(1 if faults else 0)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="pages whose name has this expression in it")
    parser.add_argument("--example", action="store_true", help="without the crowded workspace")
    parser.add_argument("--quick", action="store_true", help="without axe")
    parser.add_argument("--folder", type=Path, default=SCREENS, help="where the pictures go")
    parser.add_argument("--languages", nargs="+", default=list(LANGUAGES), choices=LANGUAGES)
    parser.add_argument("--themes", nargs="+", default=list(THEMES), choices=THEMES)
    parser.add_argument("--widths", nargs="+", type=int, default=[390, 768, 1440, 1920], choices=WIDTHS)
    return parser.parse_args()


@contextlib.contextmanager
def served(folder: str) -> Iterator[tuple[str, dict[str, str]]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    env = {**os.environ, "CYCLEMAP_TRIAL": "1", "DATA_DIR": folder, "SITE_URL": url}
    serving = subprocess.Popen(
        [sys.executable, "manage.py", "serve", "--port", str(port)],
        cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        until = time.monotonic() + PATIENCE
        while True:
            with contextlib.suppress(OSError), urlopen(f"{url}/health/live", timeout=5):
                break
            if serving.poll() is not None or time.monotonic() > until:
                sys.exit("The server did not start: try `make run`.")
            time.sleep(0.2)
        secret = Path(folder, "secret_key").read_text()
        yield url, {**env, "SECRET_KEY": secret}
    finally:
        serving.send_signal(signal.SIGINT)
        serving.wait(60)


def manage(env: dict[str, str], code: str) -> str:
    """What the last line of the code's output says."""
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "-v0", "-c", code],
        cwd=ROOT, env=env, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        sys.exit(done.stderr)
    return done.stdout.splitlines()[-1]


def shoot(url: str, pages: list[dict[str, str]], looks: list[Look], told: argparse.Namespace) -> list[str]:
    """The faults met. A page is fetched once for all looks of a language and a kind of device."""
    faults: list[str] = []
    devices = {(look.language, look.width < TOUCHED): None for look in looks}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        for language, touched in devices:
            mine = [look for look in looks if (look.language, look.width < TOUCHED) == (language, touched)]
            guest, member = open_window(browser, mine[0]), open_window(browser, mine[0])
            log_in(member, url, language)
            for n, page in enumerate(pages, 1):
                started = time.monotonic()
                window = guest if page["public"] else member
                try:
                    found = visit(window, url + page["path"], page["name"], mine, told)
                except BrowserError as broken:  # the other pages are looked at all the same
                    found = [str(broken).splitlines()[0]]
                faults += [f"{page['name']} {fault}" for fault in found]
                device = "touched" if touched else "pointed"
                took = time.monotonic() - started
                print(f"{language} {device} {n}/{len(pages)} {page['name']} {took:.1f} s", flush=True)
                for fault in found:
                    print(f"  FAULT {page['path']} {fault}", flush=True)
            guest.context.close()
            member.context.close()
        browser.close()
    return faults


def open_window(browser: Browser, look: Look) -> Page:
    context = browser.new_context(
        viewport={"width": look.width, "height": WIDTHS[look.width]},
        locale=LANGUAGES[look.language],
        has_touch=look.width < TOUCHED,
        bypass_csp=True,  # for axe
        reduced_motion="reduce",
    )
    context.set_default_timeout(PAGE_SECONDS * 1000)
    return context.new_page()


def log_in(page: Page, url: str, language: str) -> None:
    page.goto(f"{url}/accounts/login/")
    page.locator("input[name=login]").fill(CONSULTANT)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(lambda address: "/login/" not in address)
    # Some pages of the account are shown for five minutes after the password was given once more.
    page.goto(f"{url}/accounts/reauthenticate/")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(lambda address: "/reauthenticate/" not in address)
    switch = page.locator(f"button[name=language][value={language}]").first
    if switch.count():
        switch.click()
        page.wait_for_load_state()


def visit(page: Page, address: str, name: str, looks: list[Look], told: argparse.Namespace) -> list[str]:
    response = page.goto(address)
    faults = [] if response and response.status == 200 else [f"answered {response and response.status}"]
    if not told.quick:
        page.evaluate(AXE)
    page.evaluate(UNSTICK)
    for look in looks:
        page.set_viewport_size({"width": look.width, "height": WIDTHS[look.width]})
        page.emulate_media(color_scheme="dark" if look.theme == "dark" else "light")
        page.wait_for_timeout(150)
        picture = told.folder / str(look) / file_of(name)
        picture.parent.mkdir(parents=True, exist_ok=True)
        photograph(page, look, picture)
        scrolls, width = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        if scrolls > width:
            faults.append(f"{look} scrolls sideways: {scrolls} in {width}")
        faults += [f"{look} {fault}" for fault in page.evaluate(TOUCHING)]
        if not told.quick:
            found = page.evaluate(f"axe.run({{runOnly: {json.dumps(RULES)}}})")
            faults += [f"{look} {v['id']}: {v['nodes'][0]['html'][:160]}" for v in found["violations"]]
    return faults


def photograph(page: Page, look: Look, picture: Path) -> None:
    """The whole page. A finger stays a finger only in a window as high as the page: with `full_page` Chromium
    forgets it while the picture is taken, and what is made larger for fingers comes out small."""
    height = page.evaluate(HEIGHT)
    if look.width < TOUCHED and height <= TALLEST:
        page.set_viewport_size({"width": look.width, "height": height})
        grown = page.evaluate(HEIGHT) > height  # with its window: a first step that fills it
        if not grown:
            page.screenshot(path=picture)
        page.set_viewport_size({"width": look.width, "height": WIDTHS[look.width]})
        if not grown:
            return
    page.screenshot(path=picture, full_page=True)


def file_of(name: str) -> str:
    return f"{name.replace(':', '.')}.png"


def write_index(folder: Path, names: list[str], looks: list[Look], faults: list[str]) -> None:
    """All pictures on one page, a row for each page of the product; what was wrong stands first."""
    rows = []
    for name in names:
        file = html.escape(file_of(name))
        cells = "".join(
            f'<a href="{look}/{file}"><img src="{look}/{file}" alt="" loading="lazy" '
            f'width="{look.width // 5 + 100}"><br>{look}</a>'
            for look in looks
        )
        rows.append(f'<h2 id="{html.escape(name)}">{html.escape(name)}</h2><p class="row">{cells}</p>')
    links = " ".join(f'<a href="#{html.escape(name)}">{html.escape(name)}</a>' for name in names)
    wrong = "".join(f"<li>{html.escape(fault)}</li>" for fault in faults)
    (folder / "index.html").write_text(
        "<!doctype html><meta charset=utf-8><title>Screens</title><style>"
        "body { font: 14px system-ui; margin: 2rem } nav a { margin-right: 1rem; white-space: nowrap }"
        ".row { display: flex; gap: 1rem; overflow-x: auto } .row a { flex: none; color: inherit }"
        "img { height: 22rem; object-fit: cover; object-position: top;"
        "border: 1px solid #999 }</style>"
        f"<h1>{len(names)} pages in {len(looks)} looks, {len(faults)} faults</h1><ol>{wrong}</ol>"
        f"<nav>{links}</nav>{''.join(rows)}"
    )


if __name__ == "__main__":
    main()
