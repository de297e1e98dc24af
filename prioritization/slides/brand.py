"""What of a deck is the client's: the colour and the logo."""

from dataclasses import dataclass
from pathlib import PurePath

from accounts.colours import readable
from accounts.models import Client
from cyclemap.png import as_png


@dataclass(frozen=True)
class Brand:
    colour: str  # RRGGBB, dark enough to be read on white
    logo: bytes | None  # PNG or JPEG


def brand_of(client: Client) -> Brand:
    return Brand(readable(client.accent)[1:], logo_of(client))


def logo_of(client: Client) -> bytes | None:
    """As a picture that every office opens; none where the file is gone."""
    if not client.logo:
        return None
    try:
        with client.logo.open("rb") as file:
            data: bytes = file.read()
    except FileNotFoundError:
        return None
    return as_png(data.decode()) if PurePath(client.logo.name).suffix == ".svg" else data
