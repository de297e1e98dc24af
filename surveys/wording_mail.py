"""What the mails say beside the usual words (surveys/wording.py): reminders, and the score in the mail."""

from functools import cache

from surveys.languages import words_of
from surveys.models import Address, Survey
from surveys.wording import Words

# One text, or a pair: (tú, usted), as in surveys/wording.py.
Text = str | tuple[str, str]

MAIL_ES: dict[str, Text] = {
    # How a customer's device reads a number aloud.
    "mail_score": "{n} de {total}",
    "mail_score_hint": (
        "Al tocar un número se abre la encuesta con esa respuesta ya marcada. Puedes cambiarla.",
        "Al tocar un número se abre la encuesta con esa respuesta ya marcada. Puede cambiarla.",
    ),
    "mail_subject_1": ("¿Nos cuentas cómo te fue en {marca}?", "¿Nos cuenta cómo le fue en {marca}?"),
    "mail_body_1": (
        "Hace unos días te preguntamos cómo te fue en {marca} y todavía no tenemos tu respuesta.\n\n"
        "Son {preguntas} y se tarda {minutos}. Si prefieres no responder, no hace falta hacer nada.",
        "Hace unos días le preguntamos cómo le fue en {marca} y todavía no tenemos su respuesta.\n\n"
        "Son {preguntas} y se tarda {minutos}. Si prefiere no responder, no hace falta hacer nada.",
    ),
    "mail_subject_2": (
        "Todavía puedes contarnos cómo te fue en {marca}",
        "Todavía puede contarnos cómo le fue en {marca}",
    ),
    "mail_body_2": (
        "Nos falta tu respuesta sobre {marca}. Es la última vez que te escribimos por esta encuesta.\n\n"
        "Son {preguntas} y se tarda {minutos}.",
        "Nos falta su respuesta sobre {marca}. Es la última vez que le escribimos por esta encuesta.\n\n"
        "Son {preguntas} y se tarda {minutos}.",
    ),
}

MAIL_EN: dict[str, Text] = {
    "mail_score": "{n} of {total}",
    "mail_score_hint": "A number opens the survey with that answer marked. You can change it.",
    "mail_subject_1": "Would you tell us how it went at {brand}?",
    "mail_body_1": (
        "A few days ago we asked how it went at {brand}, and we do not have your answer yet.\n\n"
        "There are {questions}; it takes {minutes}. If you would rather not answer, you need do nothing."
    ),
    "mail_subject_2": "You can still tell us how it went at {brand}",
    "mail_body_2": (
        "We are missing your answer about {brand}. This is the last time we write about this survey.\n\n"
        "There are {questions}; it takes {minutes}."
    ),
}


CATALOGUE: dict[str, dict[str, Text]] = {"es": MAIL_ES, "en": MAIL_EN}


def mail_words(survey: Survey, language: str) -> Words:
    """All words of a survey's mails: the usual ones and those above; an added language may say its own."""
    usual = words_of(survey, language)
    said = mail_texts(language if language in CATALOGUE else survey.language, survey.address)
    added = {key: text for key, text in survey.texts.get(language, {}).items() if text and key in said}
    return Words(usual.language, {**said, **usual.texts, **added})


@cache
def mail_texts(language: str, address: str) -> dict[str, str]:
    side = 1 if address == Address.USTED else 0
    found = CATALOGUE.get(language, MAIL_ES)
    return {key: text if isinstance(text, str) else text[side] for key, text in found.items()}
