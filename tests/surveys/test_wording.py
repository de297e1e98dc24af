"""Each sentence exists in each language and in both forms of address."""

import re
import string

import pytest

from surveys.models import Address
from surveys.wording import (
    CATALOGUE,
    OWN_NAMES,
    PLACEHOLDERS,
    SPANISH_PLACEHOLDERS,
    default_texts,
    language_for,
    words,
)
from surveys.wording_es import ES


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_language_says_everything():
    for language, texts in CATALOGUE.items():
        assert texts.keys() == ES.keys(), language
        assert all(part for text in texts.values() for part in ([text] if isinstance(text, str) else text))
    assert OWN_NAMES.keys() == CATALOGUE.keys()


@pytest.mark.parametrize("key", ES)
def test_a_sentence_has_the_same_blanks_in_every_form(key):
    def blanks(text: str) -> set[str]:
        return {SPANISH_PLACEHOLDERS.get(name, name) for name in placeholders(text)}

    forms = [words(language, address)[key] for language in CATALOGUE for address in Address.values]
    assert len({frozenset(blanks(form)) for form in forms}) == 1
    assert len({form.count("|") for form in forms}) == 1


# Words that only one form of address uses. The second list is of what tú says.
USTED_ONLY = re.compile(r"\b(usted|su|sus|le)\b", re.IGNORECASE)
TU_ONLY = re.compile(r"\b(tú|tu|tus|te|ti)\b", re.IGNORECASE)


@pytest.mark.parametrize("key", ES)
def test_neither_form_of_address_slips_into_the_other(key):
    assert not USTED_ONLY.search(words("es", Address.TU)[key])
    assert not TU_ONLY.search(words("es", Address.USTED)[key])


def test_what_addresses_the_customer_differs_by_form():
    tu, usted = words("es", Address.TU), words("es", Address.USTED)
    for key, text in ES.items():
        assert (tu[key] != usted[key]) == isinstance(text, tuple), key
    assert tu["went"] == "¿Pasaste por esto?"
    assert usted["went"] == "¿Pasó por esto?"


def test_counting():
    assert words("es", "tu").count("missing", 1) == "Falta una respuesta."
    assert words("es", "tu").count("missing", 3) == "Faltan 3 respuestas."
    assert words("en", "tu").count("questions", 1) == "1 question"


def test_a_brand_with_braces_is_only_a_brand():
    assert words("en", "tu").say("title", brand="{0.__class__}") == "How did it go at {0.__class__}?"


@pytest.mark.parametrize(
    ("wishes", "language"),
    [
        (["en"], "en"),
        (["en-GB"], "en"),
        (["", "en"], "en"),
        (["fr", "en"], "en"),
        (["fr"], "es"),
        (["", ""], "es"),
    ],
)
def test_the_first_language_that_we_speak(wishes, language):
    assert language_for(*wishes) == language


def test_default_mails_use_known_placeholders_only():
    for address in Address.values:
        for texts in default_texts(address).values():
            used = placeholders(texts["subject"] + texts["body"])
            assert used
            assert {SPANISH_PLACEHOLDERS.get(name, name) for name in used} <= PLACEHOLDERS.keys()
    assert set(SPANISH_PLACEHOLDERS.values()) == PLACEHOLDERS.keys()
