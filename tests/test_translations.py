"""The catalogues: whole, and saying in Spanish what the English says."""

import ast
import re
from collections import Counter
from pathlib import Path

import allauth
import django
import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from django.utils.translation import override

from cyclemap import borrowed_texts

ROOT = Path(__file__).resolve().parent.parent
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sdgr](?!\w)|%0\d+X|%%|\{\w*\}")
TAG = re.compile(r"</?[a-z]+(?:\s[^>]*)?>")
# A word in angle brackets that stands for what the reader writes there, not a tag.
STANDS_FOR = {"<address>"}
FORBIDDEN = re.compile(r"significativ|\bcli(?:ck|c)\b|\brequisitos?\b|[¡!]|[“”]", re.IGNORECASE)


def messages(language: str) -> list[Message]:
    path = ROOT / "locale" / language / "LC_MESSAGES" / "django.po"
    with path.open("rb") as file:
        return [message for message in read_po(file, locale=language) if message.id]


def pairs(message: Message) -> list[tuple[str, str]]:
    """Each English form beside its translation."""
    ids, texts = forms(message.id), forms(message.string)
    assert len(ids) == len(texts), ids
    return list(zip(ids, texts, strict=True))


def forms(text: object) -> tuple[str, ...]:
    """The singular and the plural, or the one form there is."""
    return tuple(map(str, text)) if isinstance(text, tuple | list) else (str(text or ""),)


def placeholders(text: str) -> Counter[str]:
    return Counter(PLACEHOLDER.findall(text))


def tags(text: str) -> Counter[str]:
    return Counter(tag for tag in TAG.findall(text) if tag not in STANDS_FOR)


@pytest.mark.parametrize("language", ["es", "en"])
def test_every_text_is_translated(language: str) -> None:
    found = messages(language)
    assert len(found) > 1000
    assert [m.id for m in found if m.fuzzy or not all(text for _, text in pairs(m))] == []


def test_both_catalogues_know_the_same_texts() -> None:
    spanish, english = ({(m.context, m.id) for m in messages(language)} for language in ("es", "en"))
    assert spanish == english


def test_placeholders_survive_translation() -> None:
    lost = []
    for message in messages("es"):
        both = pairs(message)
        for place, (source, text) in enumerate(both):
            # In the singular the number may be a word, here or there: "the only requirement".
            singular = len(both) > 1 and place == 0
            allowed = (
                [placeholders(source), placeholders(both[-1][0])] if singular else [placeholders(source)]
            )
            if placeholders(text) not in allowed and not (
                singular and not placeholders(text) and set(placeholders(both[-1][0])) <= {"%(n)s", "%(n)d"}
            ):
                lost.append((source, text))
    assert lost == []


def test_tags_survive_translation() -> None:
    found = [form for message in messages("es") for form in pairs(message)]
    assert [form for form in found if tags(form[0]) != tags(form[1])] == []


def test_no_text_begins_or_ends_with_other_white_space_than_its_source() -> None:
    def edges(text: str) -> tuple[str, str]:
        return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]

    found = [form for message in messages("es") for form in pairs(message)]
    assert [form for form in found if edges(form[0]) != edges(form[1])] == []


def test_spanish_has_no_word_that_the_product_does_not_use() -> None:
    texts = [text for message in messages("es") for _, text in pairs(message)]
    assert [text for text in texts if FORBIDDEN.search(text)] == []


def upstream() -> set[object]:
    packages = [Path(package.__file__ or "").parent for package in (django, allauth)]
    found: set[object] = set()
    for path in [path for package in packages for path in package.glob("**/locale/es/LC_MESSAGES/django.po")]:
        with path.open("rb") as file:
            found |= {message.id for message in read_po(file, locale="es")}
    return found


def test_every_borrowed_text_still_exists_where_it_was_borrowed() -> None:
    """A release that words one of them anew would bring its own Spanish back."""
    with override(None):
        borrowed: set[object] = {
            text for text in (*borrowed_texts.OF_DJANGO, *borrowed_texts.OF_ALLAUTH) if isinstance(text, str)
        }
    assert len(borrowed) > 80
    assert borrowed - upstream() == set()


def test_nobody_is_addressed_with_usted_where_the_text_is_ours() -> None:
    formal = re.compile(
        r"\b(?:usted|sus?|introduzca|escriba|seleccione|compruebe|asegúrese|por favor, \w+e)\b", re.I
    )
    known = {message.id: pairs(message) for message in messages("es")}
    with override(None):
        borrowed = [
            text for text in (*borrowed_texts.OF_DJANGO, *borrowed_texts.OF_ALLAUTH) if isinstance(text, str)
        ]
    assert [text for source in borrowed for _, text in known[source] if formal.search(text)] == []


GETTEXT = {
    "_",
    "gettext",
    "ngettext",
    "pgettext",
    "npgettext",
    "gettext_lazy",
    "ngettext_lazy",
    "pgettext_lazy",
}
SOURCES = [
    path
    for folder in ("accounts", "cyclemap", "cycles", "prioritization", "surveys")
    for path in (ROOT / folder).rglob("*.py")
]


def unseen(tree: ast.Module) -> list[str]:
    """Texts that xgettext passes over: what stands inside an f-string."""
    return [
        ast.unparse(call)
        for string in ast.walk(tree)
        if isinstance(string, ast.JoinedStr)
        for call in ast.walk(string)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in GETTEXT
    ]


def test_an_f_string_hides_its_texts() -> None:
    assert unseen(ast.parse('f"{said} {_(1)}"')) == ["_(1)"]


def test_no_text_hides_from_the_catalogues() -> None:
    assert len(SOURCES) > 100
    hidden = {str(path): unseen(ast.parse(path.read_text(encoding="utf-8"))) for path in SOURCES}
    assert {path: texts for path, texts in hidden.items() if texts} == {}


def test_a_percentage_is_written_as_each_language_does() -> None:
    """95% in English, 95 % in Spanish."""
    apart, together = re.compile(r"(?:\d|\)s)\s%%?(?!\w|\()"), re.compile(r"(?:\d|\)s)%%(?!\w|\()")
    for message in messages("es"):
        for english, spanish in pairs(message):
            assert not apart.search(english), english
            assert not together.search(spanish), spanish
