"""Pictures of every page, to be looked at: `make screens`, or `python -m tools.screens --only matrix`.

Serves a workspace of its own (the example, and one with too much in it), visits every page of the URLconf
in both languages, both themes and four widths, and writes the pictures and a page with all of them to
screens/. What axe finds, what scrolls sideways and what answers with a fault is printed as it is met.
"""

import argparse
import contextlib
import html
import json
import os
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

from cyclemap.example import CONSULTANT, PASSWORD, WORKSPACE
from tools.setup import chromium

ROOT = Path(__file__).resolve().parent.parent
CROWDED = "crowded"  # tools.crowded.SLUG, which needs Django
SCREENS = ROOT / "screens"
AXE = (ROOT / "tests" / "vendor" / "axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = {320: 700, 390: 844, 768: 1024, 1440: 900, 1920: 1080}
LANGUAGES = {"es": "es-ES", "en": "en-GB"}
THEMES = ("light", "dark")
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
    with tempfile.TemporaryDirectory(prefix="cyclemap-screens-") as folder, served(folder) as (url, env):
        pages = json.loads(manage(env, TELL.format(slug=WORKSPACE, cycle=None)))
        if not told.example:
            cycle = manage(env, CROWD.format(owner=CONSULTANT)).strip()
            crowded = json.loads(manage(env, TELL.format(slug=CROWDED, cycle=cycle)))
            pages += [
                {**page, "name": f"{CROWDED}.{page['name']}"} for page in crowded if CROWDED in page["path"]
            ]
        pages = [page for page in pages if told.only in page["name"]]
        looks = [
            Look(language, theme, width)
            for language in told.languages
            for theme in told.themes
            for width in told.widths
        ]
        faults = shoot(url, pages, looks)
    write_index([page["name"] for page in pages], looks)
    print(
        f"{len(pages)} pages x {len(looks)} looks in {SCREENS.relative_to(ROOT)}/index.html; {faults} faults"
    )
    sys.exit(1 if faults else 0)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="pages whose name has this in it")
    parser.add_argument("--example", action="store_true", help="without the crowded workspace")
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
        until = time.monotonic() + 120
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


def shoot(url: str, pages: list[dict[str, str]], looks: list[Look]) -> int:
    faults = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        for look in looks:
            folder = SCREENS / str(look)
            folder.mkdir(parents=True, exist_ok=True)
            window = open_window(browser, url, look)
            started = time.monotonic()
            for page in pages:
                found = visit(window, url + page["path"], folder / f"{page['name'].replace(':', '.')}.png")
                faults += len(found)
                for fault in found:
                    print(f"{look} {page['path']}: {fault}", flush=True)
            window.context.close()
            print(f"{look}: {len(pages)} pages in {time.monotonic() - started:.0f} s", flush=True)
        browser.close()
    return faults


def open_window(browser: Browser, url: str, look: Look) -> Page:
    """Logged in, in the language and theme of the look."""
    context = browser.new_context(
        viewport={"width": look.width, "height": WIDTHS[look.width]},
        locale=LANGUAGES[look.language],
        color_scheme="dark" if look.theme == "dark" else "light",
        bypass_csp=True,  # for axe
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(f"{url}/accounts/login/")
    page.locator("input[name=login]").fill(CONSULTANT)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url("**/w/**")
    switch = page.locator(f"button[name=language][value={look.language}]").first
    if switch.count():
        switch.click()
        page.wait_for_load_state()
    return page


def visit(page: Page, address: str, picture: Path) -> list[str]:
    response = page.goto(address)
    faults = [] if response and response.status == 200 else [f"answered {response and response.status}"]
    page.wait_for_timeout(150)
    page.screenshot(path=picture, full_page=True)
    scrolls, width = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    if scrolls > width:
        faults.append(f"scrolls sideways: {scrolls} in {width}")
    page.evaluate(AXE)
    found = page.evaluate(f"axe.run({{runOnly: {json.dumps(RULES)}}})")
    return faults + [f"{v['id']}: {v['nodes'][0]['html'][:160]}" for v in found["violations"]]


def write_index(names: list[str], looks: list[Look]) -> None:
    """All pictures on one page, a row for each page of the product."""
    rows = []
    for name in names:
        file = html.escape(name.replace(":", "."))
        cells = "".join(
            f'<td><a href="{look}/{file}.png"><img src="{look}/{file}.png" alt="{look}" loading="lazy" '
            f'height="360"></a></td>'
            for look in looks
        )
        rows.append(f"<tr><th>{file}</th>{cells}</tr>")
    head = "".join(f"<th>{look}</th>" for look in looks)
    (SCREENS / "index.html").write_text(
        f"<!doctype html><meta charset=utf-8><title>Screens</title><table><tr><th></th>{head}</tr>"
        f"{''.join(rows)}</table>"
    )


if __name__ == "__main__":
    main()
