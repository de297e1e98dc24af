"""Every template compiles, and keeps the content security policy."""

import re
from pathlib import Path

import pytest
from django.template import engines
from django.template.loader import get_template

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
ALL = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.*"))
# Mail and paper have no policy: there a style stands where it is used.
PAGES = [
    name for name in ALL if name.endswith((".html", ".svg")) and not re.search(r"(^|/)(mail|email)/", name)
]


@pytest.mark.parametrize("name", ALL)
def test_compiles(name):
    assert get_template(name)


def test_there_are_templates():
    assert len(ALL) > 50
    assert engines["django"]


@pytest.mark.parametrize("name", PAGES)
def test_no_inline_script_or_style(name):
    text = (TEMPLATES / name).read_text()
    if name.startswith("prioritization/report/"):
        text = re.sub(r"<style>.*?</style>", "", text, flags=re.S)
    assert not re.search(r"\sstyle=\"|\son[a-z]+=\"|hx-on|hx-vals='js:|<style|javascript:", text), name
    assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")", text), name


def test_every_class_has_a_rule_or_a_use():
    """One that has neither was misspelt, or has been left over."""
    root = TEMPLATES.parent
    rules = "".join(path.read_text() for path in (root / "static").rglob("*.css"))
    defined = set(re.findall(r"\.(-?[A-Za-z_][\w-]*)", rules))
    elsewhere = "".join(
        path.read_text()
        for folder, kind in (("static/js", "*.js"), ("tests", "*.py"))
        for path in (root / folder).rglob(kind)
        if path != Path(__file__)
    )
    unknown = set()
    for name in (page for page in PAGES if page.endswith(".html")):
        text = re.sub(r"{%.*?%}|{{.*?}}", " ", (TEMPLATES / name).read_text())
        said = {one for value in re.findall(r'\sclass="([^"]*)"', text) for one in value.split()}
        # What ends so goes on with a value: `chip--{{ state }}`.
        said -= defined | {one for one in said if one.endswith("-")}
        unknown |= {f"{one} in {name}" for one in said if one not in elsewhere}
    assert not unknown
