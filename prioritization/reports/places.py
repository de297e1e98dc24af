"""Where the pages of a report find their style, colours and logo: on paper from a list of names, on
screen from addresses of ours."""

from dataclasses import dataclass, field

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse

from accounts.logos import content_type
from accounts.models import Client

# A name after "asset:", and what is served for it: bytes and their type.
Assets = dict[str, tuple[bytes, str]]

STYLE = settings.BASE_DIR / "static/css/report.css"


@dataclass(frozen=True)
class Places:
    font: str
    style: str
    colours: str
    logo: str = ""
    assets: Assets = field(default_factory=dict)


def on_paper(client: Client) -> Places:
    """A logo whose file is gone is left out."""
    assets: Assets = {"colours.css": (colours(client).encode(), "text/css")}
    logo = ""
    if client.logo:
        try:
            with client.logo.open("rb") as file:
                assets["logo"] = file.read(), content_type(client.logo.name)
            logo = "asset:logo"
        except FileNotFoundError:
            logo = ""
    return Places("asset:font.css", "asset:report.css", "asset:colours.css", logo, assets)


def on_screen(client: Client, cycle_id: int) -> Places:
    slug = client.workspace.slug
    logo = reverse("members:client_logo", args=[slug, client.pk]) if client.logo else ""
    return Places(
        static("css/report_screen.css"),
        static("css/report.css"),
        reverse("prioritization:report_colours", args=[slug, cycle_id]),
        logo,
    )


def colours(client: Client) -> str:
    """The client's colour where the program's own would be; `ink` is one of six hexadecimal digits."""
    if not client.accent:
        return ""
    return f":root{{--brand:{client.ink};--rule:{client.ink};--band:{client.ink}}}"
