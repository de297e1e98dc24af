"""What a customer reads about a case of theirs: the mail that ends it, and the two questions after it.

As (tú, usted) where the two differ, like surveys/wording.py. `mail_...` stand in the place of the words of
that name of an invitation.
"""

from functools import cache

from surveys.languages import words_of
from surveys.models import Address, Survey
from surveys.wording import Words

# One text, or a pair: (tú, usted).
Text = str | tuple[str, str]

CASE_ES: dict[str, Text] = {
    "case_subject": ("Sobre lo que nos contaste de {brand}", "Sobre lo que nos contó de {brand}"),
    "case_closed": (
        "Nos contaste que algo no salió bien en {brand}. Ya lo atendimos y damos el caso por cerrado.",
        "Nos contó que algo no salió bien en {brand}. Ya lo atendimos y damos el caso por cerrado.",
    ),
    "case_ask": (
        "¿Nos dices si quedó resuelto? Son dos preguntas.",
        "¿Nos dice si quedó resuelto? Son dos preguntas.",
    ),
    "case_privacy": (
        "Tu respuesta la lee quien atendió tu caso en {brand}.",
        "Su respuesta la lee quien atendió su caso en {brand}.",
    ),
    "mail_button": "Responder dos preguntas",
    "mail_no_more": "No quiero recibir más correos",
    "case_title": ("¿Cómo quedó lo que nos contaste?", "¿Cómo quedó lo que nos contó?"),
    "case_solved": "¿Quedó resuelto?",
    "case_yes": "Sí",
    "case_no": "No",
    "case_satisfaction": (
        "¿Qué tan satisfecho quedaste con la atención?",
        "¿Qué tan satisfecho quedó con la atención?",
    ),
    "case_words": "nada|poco|regular|bastante|mucho",
    "case_send": "Enviar",
    "case_missing": ("Contesta las dos preguntas.", "Conteste las dos preguntas."),
    "case_thanks_title": "Gracias, recibido",
    "case_thanks": (
        "Tu respuesta llegó a quien atendió tu caso.",
        "Su respuesta llegó a quien atendió su caso.",
    ),
    "case_done_title": ("Ya respondiste el {date}", "Ya respondió el {date}"),
    "case_done": "Gracias. Estas preguntas se responden una sola vez.",
    "case_stop_title": ("¿No quieres más correos de {brand}?", "¿No quiere más correos de {brand}?"),
    "case_old": (
        "La página llevaba mucho tiempo abierta. Envíala otra vez.",
        "La página llevaba mucho tiempo abierta. Envíela otra vez.",
    ),
}

CASE_EN: dict[str, Text] = {
    "case_subject": "About what you told us of {brand}",
    "case_closed": (
        "Not long ago you told us that something did not go well at {brand}. We have seen to it and consider "
        "the case closed."
    ),
    "case_ask": "Would you tell us whether it was solved? There are two questions.",
    "case_privacy": "Your answer is read by whoever looked after your case at {brand}.",
    "mail_button": "Answer two questions",
    "mail_no_more": "No more mail, please",
    "case_title": "How did it turn out?",
    "case_solved": "Was it solved?",
    "case_yes": "Yes",
    "case_no": "No",
    "case_satisfaction": "How satisfied are you with the way it was handled?",
    "case_words": "not at all|a little|so-so|quite|very",
    "case_send": "Send",
    "case_missing": "Answer both questions.",
    "case_thanks_title": "Thank you, received",
    "case_thanks": "Your answer has reached whoever looked after your case.",
    "case_done_title": "You answered on {date}",
    "case_done": "Thank you. These questions are answered once.",
    "case_stop_title": "Do you want no more mail from {brand}?",
    "case_old": "The page had been open for a long time. Send it again.",
}

CATALOGUE: dict[str, dict[str, Text]] = {"es": CASE_ES, "en": CASE_EN}


def case_words(survey: Survey, language: str) -> Words:
    """The words of the customer's pages, and those above in their place or beside them. A language that was
    added to the survey says its own, under `key_of`, and what it does not say in the survey's."""
    added: dict[str, str] = survey.texts.get(language) or {}
    if language not in CATALOGUE and not added:
        language = survey.language
    usual = words_of(survey, language)
    spoken = next((code for code in (language, survey.language) if code in CATALOGUE), "es")
    own = case_texts(spoken, survey.address)
    said = {key: added.get(key_of(key)) or text for key, text in own.items()}
    return Words(usual.language, {**usual.texts, **said})


def key_of(key: str) -> str:
    """Where an added language keeps it: apart from the words of the same name in an invitation."""
    return key if key.startswith("case_") else f"case_{key}"


@cache
def case_texts(language: str, address: str) -> dict[str, str]:
    side = 1 if address == Address.USTED else 0
    return {key: t if isinstance(t, str) else t[side] for key, t in CATALOGUE[language].items()}
