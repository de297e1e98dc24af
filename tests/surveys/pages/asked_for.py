"""What the tests of a survey's pages ask for."""

from surveys.models import Contact

HTMX = {"hx-request": "true"}


def add(wave, *emails, **fields):
    contacts = [Contact.objects.create(client=wave.survey.cycle.client, email=e, **fields) for e in emails]
    wave.recipients.add(*contacts)
    return contacts


def page(world, path):
    return world.url(path)


def text(response):
    return response.content.decode()


SETTINGS = {
    "name": "Shoppers",
    "brand": "Alba",
    "address": "usted",
    "language": "en",
    "scale_max": "7",
    "respondent": "customer",
    "languages": ["es", "en"],
    "importance": "none",
    "asks_nps": "on",
    "contact_address": "care@alba.example",
    "closes_on": "",
}


def message(**told):
    words = {"subject": "How was it at {brand}?", "body": "Hello {name}.\n\nTell us."}
    by_language = {f"{key}_{code}": value for code in ("es", "en") for key, value in words.items()}
    return {"sender_name": "Alba shop", "reply_to": "shop@alba.example", **by_language, **told}
