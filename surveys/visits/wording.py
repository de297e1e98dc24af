"""What a mystery shopper reads, as customers' texts stand in surveys/wording.py: (tú, usted) in Spanish."""

from functools import cache

from surveys.languages import words_of
from surveys.models import Address, Criterion, Survey
from surveys.wording import Words
from surveys.wording_es import Text

VISIT_ES: dict[str, Text] = {
    "visit_title": ("Tu visita a {place}", "Su visita a {place}"),
    "visit_day": "Prevista para el {date}",
    "visit_secret": ("Nadie sabe que vas a evaluar", "Nadie sabe que va a evaluar"),
    "visit_secret_how": (
        "La empresa lee lo que encontraste, nunca quién eres. No digas allí a qué vienes.",
        "La empresa lee lo que encontró, nunca quién es. No diga allí a qué viene.",
    ),
    "visit_scenario": "Lo que hay que hacer",
    "visit_keep": (
        "Puedes guardar a medias y seguir después con este mismo enlace.",
        "Puede guardar a medias y seguir después con este mismo enlace.",
    ),
    "visit_when": "Las horas",
    "visit_arrived": "Hora de llegada",
    "visit_left": "Hora de salida",
    "visit_na": "N/A",
    "visit_na_spoken": "no aplica",
    "visit_na_how": (
        "N/A: no aplica, porque ese criterio no se dio en este momento.",
        "N/A: no aplica, porque ese criterio no se dio en este momento.",
    ),
    "visit_words": ("Lo que viste, con tus palabras", "Lo que vio, con sus palabras"),
    "visit_notes": "Hechos: qué se dijo, qué se hizo, cuánto se esperó",
    "visit_no_names": (
        "Sin tu nombre ni el de quien te atendió.",
        "Sin su nombre ni el de quien le atendió.",
    ),
    "visit_photos": "Fotos",
    "visit_photo": ("Añade fotos (PNG, JPEG o WebP)", "Añada fotos (PNG, JPEG o WebP)"),
    "visit_photo_add": "Guardar las fotos",
    "visit_photo_how": "Sin caras. La ubicación y los demás datos del teléfono se borran al guardarlas.",
    "visit_photo_of": "¿De qué momento?",
    "visit_whole": "De la visita entera",
    "visit_photo_n": "Foto {n}",
    "visit_photo_remove": "Quitar la foto {n}",
    "visit_send": "Enviar la visita",
    "visit_thanks_title": "Gracias, visita recibida",
    "visit_thanks": (
        "Tu nombre no aparece en lo que lee la empresa. Este enlace ya no se usa más.",
        "Su nombre no aparece en lo que lee la empresa. Este enlace ya no se usa más.",
    ),
    "visit_done_title": "Esta visita ya se envió",
    "visit_done": (
        "Si hay algo que corregir, díselo a quien te dio el enlace.",
        "Si hay algo que corregir, dígaselo a quien le dio el enlace.",
    ),
    "visit_nothing": ("Puntúa al menos un criterio.", "Puntúe al menos un criterio."),
    "visit_bad_time": "Una hora como 17:45",
    "visit_backwards": "La salida es anterior a la llegada",
    "visit_choose": (
        "Elige un número del {low} al {high}, o N/A",
        "Elija un número del {low} al {high}, o N/A",
    ),
    "visit_cut_off": "Lo enviado es más grande de lo que el servidor admite. No se guardó ninguna foto.",
    "criterion_tone": "Tono del lenguaje",
    "criterion_courtesy": "Cortesía",
    "criterion_sales": "Oportunidades de venta",
    "criterion_product": "Conocimiento del producto",
    "criterion_time": "Tiempo de atención",
    "criterion_resolution": "Resolución de problemas",
}

VISIT_EN: dict[str, Text] = {
    "visit_title": "Your visit to {place}",
    "visit_day": "Planned for {date}",
    "visit_secret": "Nobody knows that you are there to assess",
    "visit_secret_how": "The company reads what you found, never who you are. Do not say why you came.",
    "visit_scenario": "What to do",
    "visit_keep": "You can save it half done and go on later at this same link.",
    "visit_when": "The times",
    "visit_arrived": "Arrived at",
    "visit_left": "Left at",
    "visit_na": "N/A",
    "visit_na_spoken": "not applicable",
    "visit_na_how": "N/A: not applicable, because the criterion did not come up in this moment.",
    "visit_words": "What you saw, in your own words",
    "visit_notes": "Facts: what was said, what was done, how long you waited",
    "visit_no_names": "Neither your name nor that of whoever served you.",
    "visit_photos": "Photos",
    "visit_photo": "Add photos (PNG, JPEG or WebP)",
    "visit_photo_add": "Save the photos",
    "visit_photo_how": "No faces. The place and the other data of the phone are removed on saving.",
    "visit_photo_of": "Of which moment?",
    "visit_whole": "Of the whole visit",
    "visit_photo_n": "Photo {n}",
    "visit_photo_remove": "Remove photo {n}",
    "visit_send": "Send the visit",
    "visit_thanks_title": "Thank you, visit received",
    "visit_thanks": "Your name does not appear in what the company reads. This link is not used any more.",
    "visit_done_title": "This visit was sent already",
    "visit_done": "If something has to be corrected, tell whoever gave you the link.",
    "visit_nothing": "Score at least one criterion.",
    "visit_bad_time": "A time like 17:45",
    "visit_backwards": "Leaving is before arriving",
    "visit_choose": "Choose a number from {low} to {high}, or N/A",
    "visit_cut_off": "What was sent is larger than the server takes. No photo was stored.",
    "criterion_tone": "Tone of language",
    "criterion_courtesy": "Courtesy",
    "criterion_sales": "Sales opportunities",
    "criterion_product": "Product knowledge",
    "criterion_time": "Attention time",
    "criterion_resolution": "Problem resolution",
}

CATALOGUE: dict[str, dict[str, Text]] = {"es": VISIT_ES, "en": VISIT_EN}
LABEL_OF = {criterion: f"criterion_{criterion}" for criterion in Criterion.values}


def visit_words(survey: Survey, language: str) -> Words:
    """The usual words and those above; an added language without them has those of the survey's own."""
    usual = words_of(survey, language)
    own = _own(language if language in CATALOGUE else survey.language, survey.address)
    return Words(usual.language, {**usual.texts, **own})


@cache
def _own(language: str, address: str) -> dict[str, str]:
    side = 1 if address == Address.USTED else 0
    found = CATALOGUE.get(language, VISIT_ES)
    return {key: text if isinstance(text, str) else text[side] for key, text in found.items()}
