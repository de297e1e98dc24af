"""A language that does not ship: its sentences for customers, written by the consultant for one survey.

All of them stand in `Survey.texts`: by the keys of the catalogue, and by "moment:12" and the like for
what is on the map. The words of extra questions stand in the questions.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.conf import settings
from django.db import transaction
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from cyclemap.text import unprintable
from cycles.models import Moment, Requirement, Stage
from surveys.instrument import items_of, text_key
from surveys.languages import shipped_words
from surveys.models import Question, Respondent, Survey
from surveys.wording import BLANK, CATALOGUE, PLACEHOLDERS, SPANISH_PLACEHOLDERS
from surveys.wording_case import case_texts, key_of
from surveys.wording_mail import mail_texts

CODE = re.compile(r"[a-z]{2}(-[A-Z]{2})?")
MOST = 10
LONGEST = 1500
MAIL_BLANKS = frozenset({*PLACEHOLDERS, *SPANISH_PLACEHOLDERS})


class NotPossibleError(ValueError):
    """The message is a sentence for the person who pressed the button."""


@dataclass(frozen=True)
class Sentence:
    """One text to be written: `key` names its field; `shipped` says it in the languages that ship."""

    key: str
    shipped: tuple[tuple[str, str], ...]
    value: str
    error: str = ""

    @property
    def is_long(self) -> bool:
        return max(len(text) for _code, text in self.shipped) > 90


@dataclass
class Group:
    name: str
    sentences: list[Sentence] = field(default_factory=list)

    @property
    def missing(self) -> int:
        return sum(not sentence.value for sentence in self.sentences)


@dataclass(frozen=True)
class Table:
    """Everything that is said to a customer in one added language."""

    code: str
    name: str
    groups: list[Group]

    @property
    def total(self) -> int:
        return sum(len(group.sentences) for group in self.groups)

    @property
    def missing(self) -> int:
        return sum(group.missing for group in self.groups)

    @property
    def faults(self) -> list[Sentence]:
        return [sentence for group in self.groups for sentence in group.sentences if sentence.error]


def table_of(survey: Survey, code: str, typed: Mapping[str, str] | None = None) -> Table:
    """As stored, or as typed with what is wrong."""
    texts = survey.texts[code]
    page, mail, ask = Group(_("The page")), Group(_("The mail")), Group(_("What is asked"))
    after = Group(_("When a case is closed"))
    for key, shipped in _shipped(survey).items():
        group = after if key.startswith("case_") else mail if key.startswith("mail_") else page
        group.sentences.append(_sentence(key, shipped, texts.get(key, ""), typed))
    seen = set()
    for item in [] if survey.frozen_at else items_of(survey):
        things: list[Stage | Moment | Requirement | None] = [item.requirement or item.moment]
        if item.moment is not None:
            things.insert(0, item.moment.stage)
        for thing in things:
            if thing is not None and text_key(thing) not in seen:
                key = text_key(thing)
                seen.add(key)
                shipped = tuple((own, thing.text("name", own)) for own in CATALOGUE)
                ask.sentences.append(_sentence(key, shipped, texts.get(key, ""), typed))
    for question in survey.questions.all():
        ask.sentences += _of_question(question, code, typed)
    return Table(
        code, str(texts.get("name") or code), [group for group in (ask, page, mail, after) if group.sentences]
    )


def _shipped(survey: Survey) -> dict[str, tuple[tuple[str, str], ...]]:
    """Every sentence of ours for customers, by key, in each language that ships."""
    said = {own: _said(survey, own) for own in CATALOGUE}
    return {key: tuple((own, texts[key]) for own, texts in said.items()) for key in said["en"]}


def _said(survey: Survey, own: str) -> dict[str, str]:
    texts = {**shipped_words(survey, own).texts, **mail_texts(own, survey.address)}
    if survey.respondent == Respondent.CUSTOMER:
        texts |= {key_of(key): text for key, text in case_texts(own, survey.address).items()}
    return texts


def _of_question(question: Question, code: str, typed: Mapping[str, str] | None) -> list[Sentence]:
    known = [(f"question:{question.pk}", question.wording)]
    known += [(f"option:{question.pk}:{n}", option) for n, option in enumerate(question.options)]
    return [
        _sentence(
            key,
            tuple((own, text) for own in CATALOGUE if (text := texts.get(own))),
            texts.get(code, ""),
            typed,
        )
        for key, texts in known
    ]


def _sentence(
    key: str, shipped: tuple[tuple[str, str], ...], value: str, typed: Mapping[str, str] | None
) -> Sentence:
    if typed is None:
        return Sentence(key, shipped or (("", key),), value)
    value = typed.get(key, "").replace("\r\n", "\n").strip()
    # Subject and text of a mail may say whatever a campaign's may (surveys/mail.py).
    more = MAIL_BLANKS if key.startswith(("mail_subject", "mail_body")) else frozenset()
    error = fault(value, [text for _code, text in shipped], ":" not in key, more) if value else ""
    return Sentence(key, shipped or (("", key),), value, error)


def fault(text: str, shipped: Iterable[str], in_catalogue: bool, more: frozenset[str] = frozenset()) -> str:
    """Why a text cannot stand for those that ship; "" where it can."""
    shipped = list(shipped)
    if unprintable(text, lines=True):
        return _("This text has a control character in it. Please type it again.")
    if len(text) > LONGEST:
        return _("At most %(n)d characters.") % {"n": LONGEST}
    if not in_catalogue:
        return ""
    blanks = [set(BLANK.findall(one)) for one in shipped]
    known, needed = set().union(*blanks), set.intersection(*blanks)
    own = set(BLANK.findall(text))
    for name in sorted(own - known - more):
        return _("{%(name)s} means nothing here.") % {"name": name}
    for name in sorted(needed - own):
        return _("{%(name)s} is missing: the page puts something in its place.") % {"name": name}
    parts = max(one.count("|") for one in shipped) + 1
    if text.count("|") + 1 != parts:
        return _("%(n)d words with | between them, from the worst to the best.") % {"n": parts}
    return ""


@transaction.atomic
def add(survey: Survey, code: str, name: str) -> None:
    survey = _draft(survey)
    shipped = [own for own, _name in settings.LANGUAGES]
    if code in shipped or code in survey.texts:
        raise NotPossibleError(_("The survey already has this language."))
    if len(survey.texts) >= MOST:
        raise NotPossibleError(_("There is room for %(n)d added languages.") % {"n": MOST})
    survey.texts = {**survey.texts, code: {"name": name}}
    survey.save(update_fields=["texts"])


@transaction.atomic
def remove(survey: Survey, code: str) -> None:
    survey = _draft(survey)
    survey.texts = {own: texts for own, texts in survey.texts.items() if own != code}
    survey.save(update_fields=["texts"])


@transaction.atomic
def save(survey: Survey, table: Table) -> None:
    """What is blank is not kept, so that it is said in the survey's own language."""
    survey = _draft(survey)
    said = {sentence.key: sentence.value for group in table.groups for sentence in group.sentences}
    kept = {key: text for key, text in said.items() if text and not key.startswith(("question:", "option:"))}
    survey.texts = {**survey.texts, table.code: {"name": table.name, **kept}}
    survey.save(update_fields=["texts"])
    for question in survey.questions.all():
        question.wording = _with(question.wording, table.code, said.get(f"question:{question.pk}", ""))
        question.options = [
            _with(option, table.code, said.get(f"option:{question.pk}:{n}", ""))
            for n, option in enumerate(question.options)
        ]
        question.save(update_fields=["wording", "options"])


def _with(texts: dict[str, str], code: str, text: str) -> dict[str, str]:
    others = {own: known for own, known in texts.items() if own != code}
    return {**others, code: text} if text else others


def _draft(survey: Survey) -> Survey:
    found = Survey.objects.select_for_update().get(pk=survey.pk)
    if found.frozen_at is not None:
        raise NotPossibleError(_("The survey was opened, so its texts no longer change."))
    return found


def own_name(code: str) -> str:
    """How a language calls itself, where it is known."""
    try:
        return str(get_language_info(code.lower())["name_local"]).capitalize()
    except KeyError:
        return ""
