"""The languages of one survey: those that ship, and those that a consultant has added to it."""

from django.utils.translation import get_language_info

from surveys.models import Respondent, Survey
from surveys.wording import CATALOGUE, OWN_NAMES, Words, words
from surveys.wording_staff import staff_words


def offered(survey: Survey) -> list[tuple[str, str]]:
    """What a customer may choose from, each as it calls itself; never empty."""
    codes = dict.fromkeys([*(survey.languages or []), *survey.texts])
    known = [code for code in codes if code in OWN_NAMES or survey.texts.get(code)]
    return [(code, _name(survey, code)) for code in known or [survey.language]]


def _name(survey: Survey, code: str) -> str:
    return OWN_NAMES.get(code) or str(survey.texts.get(code, {}).get("name") or code)


def language_among(survey: Survey, *wishes: str) -> str:
    """The first wish that the survey speaks; `es-MX` counts as `es`. Else the survey's own language."""
    codes = [code for code, _name in offered(survey)]
    for wish in wishes:
        found = next((code for code in (wish, wish[:2].lower()) if code in codes), None)
        if wish and found:
            return found
    return survey.language if survey.language in codes else codes[0]


def words_of(survey: Survey, language: str) -> Words:
    """What an added language does not say is said in the survey's own."""
    if language in CATALOGUE:
        return shipped_words(survey, language)
    base = shipped_words(survey, survey.language)
    own = {
        key: text for key, text in (survey.texts.get(language) or {}).items() if text and key in base.texts
    }
    return Words(language, {**base.texts, **own})


def shipped_words(survey: Survey, language: str) -> Words:
    """The team is asked what customers would say, in sentences of its own."""
    speak = staff_words if survey.respondent == Respondent.STAFF else words
    return speak(language, survey.address)


def direction(language: str) -> str:
    try:
        return "rtl" if get_language_info(language)["bidi"] else "ltr"
    except KeyError:
        return "ltr"
