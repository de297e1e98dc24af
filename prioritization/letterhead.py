"""Whose page it is, on pages for people without an account: the client's name, colour and logo."""

import base64
from dataclasses import dataclass

from accounts.models import Client
from prioritization.slides.brand import logo_of

# A larger one is left out: the page is for phones.
LARGEST = 200_000


@dataclass(frozen=True)
class Letterhead:
    name: str
    colour: str  # #RRGGBB, dark enough to be read on white
    logo: str  # as an address that holds the picture itself; "": none


def letterhead_of(client: Client) -> Letterhead:
    logo = logo_of(client)
    small = logo is not None and len(logo) <= LARGEST
    shown = f"data:image/png;base64,{base64.b64encode(logo or b'').decode()}" if small else ""
    return Letterhead(str(client), client.ink, shown)
