"""What the team reads when it is asked what customers would say: instead of the sentences of the same name
in surveys/wording.py. Questions are about the customer, never about the one who answers."""

from functools import cache

from surveys.models import Address
from surveys.wording import Words, words
from surveys.wording_es import Text

STAFF_ES: dict[str, Text] = {
    "title": (
        "¿Qué crees que dirían nuestros clientes de {brand}?",
        "¿Qué cree que dirían nuestros clientes de {brand}?",
    ),
    "skip": (
        "Sáltate lo que no conoces. No hay respuestas correctas: importa lo que crees.",
        "Sáltese lo que no conoce. No hay respuestas correctas: importa lo que cree.",
    ),
    "together": (
        "Tus respuestas se leen junto a las del resto del equipo",
        "Sus respuestas se leen junto a las del resto del equipo",
    ),
    "went": ("¿Puedes opinar sobre esto?", "¿Puede opinar sobre esto?"),
    "importance": (
        "¿Cuánto crees que le importa al cliente que salga bien?",
        "¿Cuánto cree que le importa al cliente que salga bien?",
    ),
    "satisfaction": (
        "¿Cómo crees que diría el cliente que le va?",
        "¿Cómo cree que diría el cliente que le va?",
    ),
    "overall": (
        "En conjunto, ¿cómo crees que dirían nuestros clientes que les va en {brand}?",
        "En conjunto, ¿cómo cree que dirían nuestros clientes que les va en {brand}?",
    ),
    "nps": (
        "¿Crees que nuestros clientes recomendarían {brand}?",
        "¿Cree que nuestros clientes recomendarían {brand}?",
    ),
    "comment": "¿Algo que los clientes dirían y no hemos preguntado?",
    "with_others": (
        "Tus respuestas ya están con las del resto del equipo.",
        "Sus respuestas ya están con las del resto del equipo.",
    ),
    "open_thanks": (
        "Tus respuestas ya están con las del resto del equipo.",
        "Sus respuestas ya están con las del resto del equipo.",
    ),
    "anonymous_thanks": (
        "Tus respuestas ya están con las del resto del equipo. Cada enlace sirve una sola vez.",
        "Sus respuestas ya están con las del resto del equipo. Cada enlace sirve una sola vez.",
    ),
    "picks_heading": "Lo que más importa al cliente",
    "picks.one": (
        "Elige lo que crees que más le importa al cliente",
        "Elija lo que cree que más le importa al cliente",
    ),
    "picks.other": (
        "Elige hasta {n}: lo que crees que más le importa al cliente",
        "Elija hasta {n}: lo que cree que más le importa al cliente",
    ),
    "effort_question": (
        "{brand} se lo pone fácil al cliente. ¿Crees que él estaría de acuerdo?",
        "{brand} se lo pone fácil al cliente. ¿Cree que él estaría de acuerdo?",
    ),
    "mail_subject": (
        "¿Qué crees que dirían nuestros clientes?",
        "¿Qué cree que dirían nuestros clientes?",
    ),
    "mail_body": (
        "Preguntamos a los clientes de {marca} cómo les va. Antes de ver lo que dicen, queremos saber "
        "qué crees tú que dirían.\n\nSon {preguntas} y se tarda {minutos}.",
        "Preguntamos a los clientes de {marca} cómo les va. Antes de ver lo que dicen, queremos saber "
        "qué cree usted que dirían.\n\nSon {preguntas} y se tarda {minutos}.",
    ),
    "mail_button": "Decir lo que creo",
}

STAFF_EN: dict[str, Text] = {
    "title": "What do you believe our customers would say of {brand}?",
    "skip": "Skip what you do not know. There are no right answers: what you believe is what counts.",
    "together": "Your answers are read together with those of the rest of the team",
    "went": "Can you say something about this?",
    "importance": "How much do you believe it matters to the customer?",
    "satisfaction": "How do you believe the customer would say it goes?",
    "overall": "All in all, how do you believe our customers would say it goes at {brand}?",
    "nps": "Do you believe our customers would recommend {brand}?",
    "comment": "Anything that customers would say and we did not ask?",
    "with_others": "Your answers are now with those of the rest of the team.",
    "open_thanks": "Your answers are now with those of the rest of the team.",
    "anonymous_thanks": "Your answers are now with those of the rest of the team. Each link works once.",
    "picks_heading": "What matters most to the customer",
    "picks.one": "Pick what you believe matters most to the customer",
    "picks.other": "Pick up to {n}: what you believe matters most to the customer",
    "effort_question": "{brand} makes it easy for the customer. Do you believe they would agree?",
    "mail_subject": "What do you believe our customers would say?",
    "mail_body": (
        "We ask the customers of {brand} how it goes. Before anybody sees what they say, we would like to "
        "know what you believe they would say.\n\nThere are {questions}; it takes {minutes}."
    ),
    "mail_button": "Say what I believe",
}

CATALOGUE: dict[str, dict[str, Text]] = {"es": STAFF_ES, "en": STAFF_EN}


@cache
def staff_words(language: str, address: str) -> Words:
    """The usual words with those above in their place."""
    usual = words(language, address)
    side = 1 if address == Address.USTED else 0
    own = CATALOGUE[usual.language].items()
    return Words(usual.language, {**usual.texts, **{k: v if isinstance(v, str) else v[side] for k, v in own}})
