"""The shape of the house, kept by reading its own source."""

import ast
import inspect
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from django.apps import apps
from django.conf import settings

from tests.site_map import routes

ROOT = Path(settings.BASE_DIR)

# From low to high: who may name whom. `cyclemap` is both wiring (above all) and helpers (below all).
LAYERS = ["accounts", "cycles", "surveys", "prioritization", "cyclemap"]
HELPERS = {
    "cyclemap.addresses",
    "cyclemap.celery",
    "cyclemap.compiled",
    "cyclemap.faults",
    "cyclemap.folding",
    "cyclemap.forms",
    "cyclemap.htmx",
    "cyclemap.letters",
    "cyclemap.merging",
    "cyclemap.rounding",
    "cyclemap.sheets",
    "cyclemap.png",
    "cyclemap.stencil",
    "cyclemap.svg",
    "cyclemap.text",
    "cyclemap.translated",
    "cyclemap.uploads",
    "cyclemap.VERSION",
}

WORDS_THAT_SAY_NOTHING = {
    "utils",
    "util",
    "helpers",
    "helper",
    "services",
    "service",
    "managers",
    "misc",
    "common",
}

# Rows that belong to nobody's client, each for a reason.
NOT_A_TENANTS = {
    "DigestDay": "about a member, who may work in many workspaces",
    "Knock": "counts how often one address knocks, for a few minutes",
    "SendingState": "about all sending of the installation",
    "User": "a person may work in many workspaces",
    "Workspace": "the tenant itself",
    "Membership": "reached through request.membership.workspace",
    "MemberInvitation": "reached through request.membership.workspace",
    "OwnTemplate": "reached through request.membership.workspace",
    "SenderPause": "about the mail server, not about anybody's data",
}

# A text made of our own templates, each of which escapes, put into another.
PUT_TOGETHER = {"templates/surveys/public/form.html"}

# A view may wear as many above its 25 lines.
DECORATORS = 4

# Mail programs know no style sheet: only there may a template carry inline styles.
MAIL = "mail"


def sources(*folders: str) -> list[Path]:
    files = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    assert files, folders
    return [path for path in files if "migrations" not in path.parts]


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Every module a file names, with its line: at the top, inside functions, and for type checkers."""
    package = module_of(path) if path.name == "__init__.py" else module_of(path).rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, base] if base else above)
            yield node.lineno, base
            yield from ((node.lineno, f"{base}.{alias.name}") for alias in node.names)


def where(path: Path, line: int, what: str) -> str:
    return f"{path.relative_to(ROOT)}:{line}: {what}"


def test_a_lower_app_never_names_a_higher_one():
    faults = []
    for height, app in enumerate(LAYERS[:-1]):
        higher = set(LAYERS[height + 1 :])
        for path in sources(app):
            faults += [
                where(path, line, f"{app} names {name}")
                for line, name in imports(path)
                if name.split(".")[0] in higher and not is_helper(name)
            ]
    assert not faults, "\n".join(faults)


def is_helper(name: str) -> bool:
    return name == "cyclemap" or any(name == helper or name.startswith(f"{helper}.") for helper in HELPERS)


def test_the_helpers_know_no_app():
    faults = []
    for helper in HELPERS - {"cyclemap.VERSION"}:
        path = ROOT / (helper.replace(".", "/") + ".py")
        faults += [
            where(path, line, f"a helper names {name}")
            for line, name in imports(path)
            if name.split(".")[0] in LAYERS[:-1]
        ]
    assert not faults, "\n".join(faults)


def test_a_model_points_only_down():
    faults = []
    for height, app in enumerate(LAYERS[:-1]):
        allowed = {*LAYERS[: height + 1], "auth", "contenttypes"}
        for model in apps.get_app_config(app).get_models(include_auto_created=True):
            for field in cast("list[Any]", model._meta.get_fields()):
                points = field.is_relation and not field.auto_created and field.related_model is not None
                if points and field.related_model._meta.app_label not in allowed:
                    faults.append(f"{model.__name__}.{field.name} points up to {field.related_model}")
    assert not faults, "\n".join(faults)


def test_signals_carry_nothing_upwards():
    """What must follow from a change below is derived above: a watermark, a periodic task."""
    faults = [
        where(path, line, name)
        for path in sources(*LAYERS)
        for line, name in imports(path)
        if name.startswith(("django.db.models.signals", "django.dispatch"))
    ]
    assert not faults, "\n".join(faults)


def test_the_analysis_is_plain_numbers():
    allowed = {"numpy", "scipy", "prioritization", *sys.stdlib_module_names}
    faults = []
    for path in sources("prioritization/analysis"):
        for line, name in imports(path):
            inside = name.startswith("prioritization.analysis") or name == "prioritization"
            if name.split(".")[0] not in allowed or (name.startswith("prioritization") and not inside):
                faults.append(where(path, line, name))
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("module", ["cycles/wheel.py", "prioritization/chart.py", "cyclemap/svg.py"])
def test_geometry_knows_no_django(module):
    names = [name for _, name in imports(ROOT / module)]
    assert names
    assert not [name for name in names if name.split(".")[0] in {"django", "accounts"} or ".models" in name]


def test_modules_are_named_after_things():
    faults = [
        str(path.relative_to(ROOT))
        for path in sources(*LAYERS, "tests", "tools")
        if path.stem in WORDS_THAT_SAY_NOTHING and path != ROOT / "tools/services.py"
    ]
    assert not faults, faults


def test_every_model_of_a_tenant_says_the_way_to_its_client():
    faults = []
    for app in LAYERS[:-1]:
        for model in apps.get_app_config(app).get_models():
            if model.__name__ in NOT_A_TENANTS:
                assert not hasattr(model, "client_path"), f"{model.__name__} is listed as nobody's"
            elif not hasattr(model, "client_path"):
                faults.append(f"{model.__name__} has no client_path: say how a row leads to its client")
            elif not leads_to_client(model, model.client_path):
                faults.append(f"{model.__name__}.client_path {model.client_path!r} does not lead to a Client")
    assert not faults, "\n".join(faults)


def leads_to_client(model: Any, path: str) -> bool:
    for name in filter(None, path.split("__")):
        model = model._meta.get_field(name).related_model
    return bool(model.__name__ == "Client")


# --- Views ---------------------------------------------------------------------------------------


def view_files() -> list[Path]:
    return [path for path in sources(*LAYERS) if "views" in path.parts or path.stem.endswith("views")]


def test_views_reach_objects_through_what_grants_them():
    """`Model.objects.get(pk=...)` and the like ask nobody whether this person may."""
    by_address = r"(pk|id)\s*=\s*\w*_?(id|pk)\b"
    pattern = re.compile(
        r"\.objects\.get\(\s*(pk|id)\s*=(?!\s*request\.(user|membership))"
        rf"|\.objects\.filter\(\s*{by_address}"
        rf"|get_(object|list)_or_404\(\s*[A-Z]\w*(\.objects(\.all\(\))?)?\s*,\s*{by_address}"
    )
    faults = []
    for path in view_files():
        text = path.read_text(encoding="utf-8")
        for found in pattern.finditer(text):
            faults.append(where(path, text.count("\n", 0, found.start()) + 1, found.group()))
    assert not faults, "\n".join(faults)


def test_views_are_short():
    """Guard, load, act, answer. Past 25 lines the act wants a name in a module of its own."""
    faults = []
    for route in routes():
        view = inspect.unwrap(route.view)
        if view.__module__.split(".")[0] in LAYERS:
            length = len(inspect.getsource(view).rstrip().splitlines())
            if length > 25 + DECORATORS:
                faults.append(f"{view.__module__}.{view.__name__} has {length} lines with its decorators")
    assert not faults, "\n".join(faults)


# --- Templates -----------------------------------------------------------------------------------


def templates() -> list[Path]:
    files = [path for path in (ROOT / "templates").rglob("*") if path.suffix in {".html", ".svg", ".txt"}]
    assert len(files) > 20
    return files


# What a strict policy forbids, and what would let a stranger's text become markup.
FORBIDDEN = {
    "inline style": re.compile(r"""<[^>]*\sstyle\s*="""),
    "style element": re.compile(r"<style\b", re.IGNORECASE),
    "inline script": re.compile(r"""<script(?![^>]*\ssrc=)(?![^>]*type="application/json")""", re.IGNORECASE),
    "event attribute": re.compile(r"""<[^>]*\son[a-z]+\s*=""", re.IGNORECASE),
    "hx-on": re.compile(r"\bhx-on\b"),
    "evaluated hx-vals or hx-headers": re.compile(r"""hx-(vals|headers|vars)=['"]\s*(js|javascript):"""),
    "trigger filter": re.compile(r"""hx-trigger=['"][^'"]*\["""),
    "javascript address": re.compile(r"""(href|action|src)\s*=\s*['"]\s*javascript:""", re.IGNORECASE),
    "|safe": re.compile(r"\|\s*safe\b|\|\s*safeseq\b"),
    "autoescape off": re.compile(r"\{%\s*autoescape\s+off"),
    "http address of a file": re.compile(r"""<(script|link|img|iframe)[^>]*(src|href)=['"]https?:"""),
}


def test_templates_obey_the_policy():
    faults = []
    for path in templates():
        text = re.sub(
            r"\{#.*?#\}|\{%\s*comment.*?endcomment\s*%\}", "", path.read_text(encoding="utf-8"), flags=re.S
        )
        is_mail = MAIL in path.parts or "email" in path.parts
        for what, pattern in FORBIDDEN.items():
            if is_mail and what == "style element":  # its styles are put at the elements when it is made
                continue
            if path.suffix == ".txt" and what == "autoescape off":
                continue
            if what == "|safe" and str(path.relative_to(ROOT)) in PUT_TOGETHER:
                continue
            faults += [
                where(path, text.count("\n", 0, found.start()) + 1, f"{what}: {found.group()[:80]!r}")
                for found in pattern.finditer(text)
            ]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(
    ("what", "text"),
    [
        ("inline style", '<p class="a" style="color:red">'),
        ("inline script", "<script>alert(1)</script>"),
        ("event attribute", '<body onload="x()">'),
        ("hx-on", '<a hx-on:click="x()">'),
        ("evaluated hx-vals or hx-headers", """<a hx-vals='js:{a: 1}'>"""),
        ("trigger filter", """<a hx-trigger="click[ctrlKey]">"""),
        ("|safe", "{{ name|safe }}"),
    ],
)
def test_the_template_net_has_no_hole(what, text):
    assert FORBIDDEN[what].search(text)


def test_markup_is_never_declared_safe_in_python():
    faults = []
    for path in sources(*LAYERS):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                constant = len(node.args) == 1 and isinstance(node.args[0], ast.Constant)
                if name in {"mark_safe", "SafeString", "SafeText"} and not constant:
                    faults.append(where(path, node.lineno, name))
    assert not faults, "\n".join(faults)


def test_charts_are_immune_to_the_language():
    """12.5 is printed 12,5 in Spanish, which breaks a drawing: every SVG template localizes off."""
    faults = []
    for path in (ROOT / "templates").rglob("*.svg"):
        text = path.read_text(encoding="utf-8")
        if "{{" in text and "localize off" not in text:
            faults.append(str(path.relative_to(ROOT)))
    assert not faults, faults


def test_charts_carry_their_own_colours():
    """The same drawing is printed by the report, where no style sheet of the site reaches it."""
    pattern = re.compile(r"var\(|<foreignObject|<textPath|<filter|<mask|\sstyle=")
    faults = [
        f"{path.relative_to(ROOT)}: {found.group()}"
        for path in (ROOT / "templates").rglob("*.svg")
        for found in pattern.finditer(path.read_text(encoding="utf-8"))
    ]
    assert not faults, "\n".join(faults)
