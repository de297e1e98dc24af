"""Every sentence that customers read, by language and by form of address.

Not in the gettext catalogues: the language is the customer's, not the visitor's, and Spanish needs
each sentence twice (tú, usted). `{...}` here are our own placeholders; those that consultants may
write into a mail are PLACEHOLDERS below.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from django.utils.translation import gettext_lazy as _

from surveys.models import Address
from surveys.wording_en import EN
from surveys.wording_es import ES, Text

CATALOGUE: dict[str, dict[str, Text]] = {"es": ES, "en": EN}
# How each language calls itself, for the switch.
OWN_NAMES = {"es": "Español", "en": "English"}

# What a consultant may write into the subject and text of a mail, in either language.
PLACEHOLDERS = {
    "name": _("the name of the customer"),
    "brand": _("the brand"),
    "questions": _("how many questions there are"),
    "minutes": _("how long it takes"),
    "closes": _("the last day to answer"),
    "date": _("the date of the service"),
}
SPANISH_PLACEHOLDERS = {
    "nombre": "name",
    "marca": "brand",
    "preguntas": "questions",
    "minutos": "minutes",
    "cierre": "closes",
    "fecha": "date",
}


BLANK = re.compile(r"\{(\w+)\}")


def put(text: str, values: Mapping[str, object]) -> str:
    """Fill the blanks that we know: texts of added languages are a consultant's, whose other braces stay."""
    return BLANK.sub(lambda found: str(values.get(found[1], found[0])), text)


@dataclass(frozen=True)
class Words:
    """The sentences in one language and form of address: `words["went"]`; in templates `{{ words.went }}`."""

    language: str
    texts: dict[str, str]

    def __getitem__(self, key: str) -> str:
        return self.texts[key]

    def say(self, key: str, **values: object) -> str:
        return put(self.texts[key], values)

    def count(self, key: str, n: int) -> str:
        return self.say(f"{key}.one" if n == 1 else f"{key}.other", n=n)

    def spoken(self, key: str) -> list[str]:
        return self.texts[key].split("|")


@cache
def words(language: str, address: str) -> Words:
    """For a language that we have no words in: Spanish, the first language of the house."""
    if language not in CATALOGUE:
        language = "es"
    side = 1 if address == Address.USTED else 0
    return Words(language, {k: v if isinstance(v, str) else v[side] for k, v in CATALOGUE[language].items()})


def language_for(*wishes: str) -> str:
    """The first wish that we have words in; `es-MX` counts as `es`."""
    known = (wish[:2].lower() for wish in wishes)
    return next((code for code in known if code in CATALOGUE), "es")


def default_texts(address: str) -> dict[str, dict[str, str]]:
    """What a new campaign's mail says, by language."""
    texts = {}
    for language in CATALOGUE:
        say = words(language, address)
        texts[language] = {"subject": say["mail_subject"], "body": say["mail_body"]}
    return texts
