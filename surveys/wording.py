"""Every sentence that customers read, by language and by form of address.

Not in the gettext catalogues: the language is the customer's, not the visitor's, and Spanish needs
each sentence twice (tú, usted). `{...}` here are our own placeholders; those that consultants may
write into a mail are PLACEHOLDERS below.
"""

from dataclasses import dataclass
from functools import cache

from django.utils.translation import gettext_lazy as _

from surveys.models import Address

# One text, or a pair: (tú, usted). `.one` and `.other` are chosen by number.
Text = str | tuple[str, str]

ES: dict[str, Text] = {
    # The page.
    "title": ("¿Cómo te fue en {brand}?", "¿Cómo le fue en {brand}?"),
    "questions.one": "{n} pregunta",
    "questions.other": "{n} preguntas",
    "minutes.one": "alrededor de un minuto",
    "minutes.other": "unos {n} minutos",
    "effort": "{questions}, {minutes}",
    "skip": ("Sáltate lo que no viviste.", "Sáltese lo que no vivió."),
    "together": (
        "Tus respuestas se leen junto a las de los demás",
        "Sus respuestas se leen junto a las de los demás",
    ),
    "nameless": ("En los resultados no aparece tu nombre.", "En los resultados no aparece su nombre."),
    "start": "Empezar",
    "progress": "{n} de {total}",
    "stage": "Etapa: {stage}",
    "went": ("¿Pasaste por esto?", "¿Pasó por esto?"),
    "yes": "Sí",
    "no": "No",
    "importance": ("¿Cuánto te importa que salga bien?", "¿Cuánto le importa que salga bien?"),
    "satisfaction": ("¿Cómo te fue?", "¿Cómo le fue?"),
    "importance_words": "nada|poco|algo|bastante|muchísimo",
    "satisfaction_words": "muy mal|mal|regular|bien|muy bien",
    "overall_heading": "En conjunto",
    "overall": ("¿Cómo te fue en {brand}, en conjunto?", "¿Cómo le fue en {brand}, en conjunto?"),
    "nps_heading": "Recomendación",
    "nps": (
        "¿Recomendarías {brand} a alguien cercano?",
        "¿Recomendaría {brand} a alguien cercano?",
    ),
    "nps_words": "de ningún modo|con toda seguridad",
    "comment_heading": ("Con tus palabras", "Con sus palabras"),
    "comment": "¿Algo que debamos saber?",
    "optional": ("(si quieres)", "(si quiere)"),
    "send": "Enviar mis respuestas",
    "until": (
        "El enlace es solo para ti y vale hasta el {date}.",
        "El enlace es solo para usted y vale hasta el {date}.",
    ),
    "yours": ("El enlace es solo para ti.", "El enlace es solo para usted."),
    "no_more": "No quiero recibir más encuestas",
    "preview": "Vista previa. Aquí no se guarda nada.",
    # What is missing or wrong.
    "missing.one": "Falta una respuesta.",
    "missing.other": "Faltan {n} respuestas.",
    "go_to": "Ir a «{question}»",
    "leave_blank": (
        "Puedes completar lo que falta, o enviar otra vez para dejarlo en blanco.",
        "Puede completar lo que falta, o enviar otra vez para dejarlo en blanco.",
    ),
    "choose": ("Elige un número del {low} al {high}", "Elija un número del {low} al {high}"),
    "choose_went": ("Elige sí o no", "Elija sí o no"),
    "nothing": ("Contesta al menos una pregunta.", "Conteste al menos una pregunta."),
    "too_long": "Caben {limit} caracteres; hay {n}.",
    "open_too_long": (
        "La página llevaba mucho tiempo abierta. Tus respuestas siguen aquí: envíalas otra vez.",
        "La página llevaba mucho tiempo abierta. Sus respuestas siguen aquí: envíelas otra vez.",
    ),
    # Afterwards.
    "thanks": "Gracias, recibido",
    "with_others": (
        "Tus respuestas ya están con las de las demás personas.",
        "Sus respuestas ya están con las de las demás personas.",
    ),
    "talk": ("¿Prefieres hablarlo?", "¿Prefiere hablarlo?"),
    "talk_how": ("Si algo salió mal, escribe a", "Si algo salió mal, escriba a"),
    "close_page": ("Ya puedes cerrar esta página.", "Ya puede cerrar esta página."),
    # Links that do not lead to the questions.
    "wrong_title": "Este enlace no lleva a ninguna encuesta",
    "wrong": (
        "Quizá se cortó al copiarlo. Ábrelo otra vez desde el correo.",
        "Quizá se cortó al copiarlo. Ábralo otra vez desde el correo.",
    ),
    "revoked_title": "Este enlace ya no vale",
    "revoked": "Quien lo envió lo retiró.",
    "closed_title": "La encuesta ya cerró",
    "closed": "Gracias por querer contarlo. Ya no recibe respuestas.",
    "expired_title": "El plazo terminó el {date}",
    "early_title": "La encuesta todavía no abre",
    "early": ("Vuelve a abrir este enlace más tarde.", "Vuelva a abrir este enlace más tarde."),
    "answered_title": ("Ya respondiste el {date}", "Ya respondió el {date}"),
    "answered": (
        "Tus respuestas están guardadas. Cada enlace sirve para una sola vez.",
        "Sus respuestas están guardadas. Cada enlace sirve para una sola vez.",
    ),
    "elsewhere_title": "No sabemos de dónde vienen estas respuestas",
    "elsewhere": (
        "No se guardó nada. Abre el enlace de tu correo y contesta desde ahí.",
        "No se guardó nada. Abra el enlace de su correo y conteste desde ahí.",
    ),
    "write_to": ("Si necesitas algo, escribe a", "Si necesita algo, escriba a"),
    # No more mail.
    "unsubscribe_title": (
        "¿No quieres recibir más encuestas de {brand}?",
        "¿No quiere recibir más encuestas de {brand}?",
    ),
    "unsubscribe": (
        "No te escribiremos más para pedir tu opinión. Lo que ya respondiste se conserva.",
        "No le escribiremos más para pedir su opinión. Lo que ya respondió se conserva.",
    ),
    "unsubscribe_do": "No recibir más encuestas",
    "unsubscribed_title": ("No te escribiremos más", "No le escribiremos más"),
    "unsubscribed": (
        "{brand} no te enviará más encuestas.",
        "{brand} no le enviará más encuestas.",
    ),
    # The mail.
    "mail_subject": ("¿Cómo te fue en {marca}?", "¿Cómo le fue en {marca}?"),
    "mail_body": (
        "Hace poco pasaste por {marca}. Queremos saber qué salió bien y qué no.\n\n"
        "Son {preguntas} y se tarda {minutos}.",
        "Hace poco pasó por {marca}. Queremos saber qué salió bien y qué no.\n\n"
        "Son {preguntas} y se tarda {minutos}.",
    ),
    "mail_hello": "Hola, {name}",
    "mail_hello_nobody": "Hola",
    "mail_button": "Contar cómo me fue",
    "mail_link": ("Si el botón no abre, copia esta dirección:", "Si el botón no abre, copie esta dirección:"),
    "mail_answer_here": "Para responder:",
    "mail_no_more": "No quiero más encuestas",
}

EN: dict[str, Text] = {
    "title": "How did it go at {brand}?",
    "questions.one": "{n} question",
    "questions.other": "{n} questions",
    "minutes.one": "about a minute",
    "minutes.other": "about {n} minutes",
    "effort": "{questions}, {minutes}",
    "skip": "Skip what you did not go through.",
    "together": "Your answers are read together with everyone else’s",
    "nameless": "Your name does not appear in the results.",
    "start": "Start",
    "progress": "{n} of {total}",
    "stage": "Stage: {stage}",
    "went": "Did you go through this?",
    "yes": "Yes",
    "no": "No",
    "importance": "How much does it matter to you?",
    "satisfaction": "How did it go?",
    "importance_words": "not at all|a little|somewhat|quite a lot|a great deal",
    "satisfaction_words": "very badly|badly|so-so|well|very well",
    "overall_heading": "All in all",
    "overall": "How did it go at {brand}, all in all?",
    "nps_heading": "Recommendation",
    "nps": "Would you recommend {brand} to someone close to you?",
    "nps_words": "not at all|most certainly",
    "comment_heading": "In your own words",
    "comment": "Anything we should know?",
    "optional": "(if you like)",
    "send": "Send my answers",
    "until": "The link is for you alone and works until {date}.",
    "yours": "The link is for you alone.",
    "no_more": "I do not want any more surveys",
    "preview": "Preview. Nothing is stored here.",
    "missing.one": "One answer is missing.",
    "missing.other": "{n} answers are missing.",
    "go_to": "Go to “{question}”",
    "leave_blank": "You can complete what is missing, or send again to leave it blank.",
    "choose": "Choose a number from {low} to {high}",
    "choose_went": "Choose yes or no",
    "nothing": "Answer at least one question.",
    "too_long": "There is room for {limit} characters; this has {n}.",
    "open_too_long": "The page had been open for a long time. Your answers are still here: send them again.",
    "thanks": "Thank you, received",
    "with_others": "Your answers are now with everyone else’s.",
    "talk": "Would you rather talk about it?",
    "talk_how": "If something went wrong, write to",
    "close_page": "You can close this page.",
    "wrong_title": "This link leads to no survey",
    "wrong": "Perhaps it was cut when it was copied. Open it again from the e-mail.",
    "revoked_title": "This link no longer works",
    "revoked": "Whoever sent it has withdrawn it.",
    "closed_title": "The survey has closed",
    "closed": "Thank you for wanting to tell us. It takes no more answers.",
    "expired_title": "The time to answer ended on {date}",
    "early_title": "The survey is not open yet",
    "early": "Open this link again later.",
    "answered_title": "You answered on {date}",
    "answered": "Your answers are stored. Each link works once.",
    "elsewhere_title": "We do not know where these answers came from",
    "elsewhere": "Nothing was stored. Open the link in your e-mail and answer from there.",
    "write_to": "If you need anything, write to",
    "unsubscribe_title": "Do you want no more surveys from {brand}?",
    "unsubscribe": "We will not write to you again to ask your opinion. What you have answered is kept.",
    "unsubscribe_do": "Get no more surveys",
    "unsubscribed_title": "We will not write to you again",
    "unsubscribed": "{brand} will send you no more surveys.",
    "mail_subject": "How did it go at {brand}?",
    "mail_body": (
        "You were with {brand} not long ago. We would like to know what went well and what did not.\n\n"
        "There are {questions}; it takes {minutes}."
    ),
    "mail_hello": "Hello, {name}",
    "mail_hello_nobody": "Hello",
    "mail_button": "Say how it went",
    "mail_link": "If the button does not open, copy this address:",
    "mail_answer_here": "To answer:",
    "mail_no_more": "No more surveys, please",
}

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


@dataclass(frozen=True)
class Words:
    """The sentences in one language and form of address: `words["went"]`; in templates `{{ words.went }}`."""

    language: str
    texts: dict[str, str]

    def __getitem__(self, key: str) -> str:
        return self.texts[key]

    def say(self, key: str, **values: object) -> str:
        return self.texts[key].format_map(values)

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
