"""The invented customers whom the two waves ask."""

from datetime import date, time, timedelta

import numpy as np

from cyclemap.example import CUSTOMER
from cyclemap.example.figures import SEGMENTS
from cyclemap.example.names import address, draw_names
from cyclemap.example.rounds import REGULARS, ROUNDS, moment_of
from cycles.models import Cycle
from surveys.models import Contact

ENGLISH_SHARE = 0.12
BATCH = 2000


def load_customers(rng: np.random.Generator, cycle: Cycle, today: date) -> list[list[Contact]]:
    """Whom each wave asks. The second asks some regulars of the first again, and Carmen first of all."""
    first, second = (planned.recipients for planned in ROUNDS)
    n = first + second - REGULARS
    n_english = round(n * ENGLISH_SHARE)
    people = [(name, "es") for name in draw_names(rng, "es", n - n_english - 1)]
    people += [(name, "en") for name in draw_names(rng, "en", n_english)]
    rng.shuffle(people)
    drawn = {
        name: rng.choice(list(shares), size=n, p=list(shares.values())) for name, shares in SEGMENTS.items()
    }
    contacts = []
    for k, (name, language) in enumerate([*people, ("Carmen Ríos", "es")]):
        known_since = ROUNDS[0].opened if k < first else ROUNDS[1].opened
        last_visit = ROUNDS[0].opened if REGULARS <= k < first else ROUNDS[1].opened
        contacts.append(
            Contact(
                client=cycle.client,
                name=name,
                email=address(name, language),
                language=language,
                external_id=f"LM-{20_000 + 7 * k}",
                attributes={segment: str(values[k]) for segment, values in drawn.items()},
                service_on=today + timedelta(days=last_visit - int(rng.integers(1, 15))),
                created_at=moment_of(today, known_since - 1, time(9)),
            )
        )
    assert contacts[-1].email == CUSTOMER
    Contact.objects.bulk_create(contacts, batch_size=BATCH)
    return [contacts[:first], [contacts[-1], *contacts[:REGULARS], *contacts[first:-1]]]
