"""Links for whoever comes by, one a place: made, renamed, withdrawn, given anew; and their QR codes."""

from collections.abc import Sequence
from io import BytesIO

import segno
from django.db.models import Count, F, QuerySet
from django.utils import timezone

from surveys import links
from surveys.models import OpenLink, Wave


def places_of(wave: Wave) -> QuerySet[OpenLink]:
    """Those in use first, each with how many answers have come through it (`n_answers`)."""
    found = OpenLink.objects.filter(wave=wave).annotate(n_answers=Count("responses"))
    return found.order_by(F("revoked_at").asc(nulls_first=True), "place", "pk")


def give_links(wave: Wave, names: Sequence[str], *, is_kiosk: bool) -> None:
    """To new places; one that somebody else has added meanwhile keeps the link it has."""
    version = links.current_key_version()
    made = [
        OpenLink(wave=wave, place=name, is_kiosk=is_kiosk, nonce=links.new_nonce(), key_version=version)
        for name in names
    ]
    OpenLink.objects.bulk_create(made, ignore_conflicts=True)


def give_link(open_link: OpenLink) -> None:
    """To a place whose old link is not to be used again: what hangs on the old counter is dead."""
    open_link.nonce, open_link.key_version = links.new_nonce(), links.current_key_version()
    open_link.revoked_at = None
    open_link.save()


def revoke(open_link: OpenLink) -> None:
    """No more answers through it; revoking twice is revoking once. Those that came stay."""
    OpenLink.objects.filter(pk=open_link.pk, revoked_at=None).update(revoked_at=timezone.now())


def qr_code(open_link: OpenLink, kind: str) -> bytes:
    """Black on white with its quiet zone, in either theme and on paper; a third of it may get dirty (Q)."""
    picture = BytesIO()
    code = segno.make(links.open_url(open_link), error="q", micro=False)
    scale = 20 if kind == "png" else 8
    options = {} if kind == "png" else {"xmldecl": False, "svgclass": None, "lineclass": None}
    code.save(picture, kind=kind, scale=scale, border=4, dark="#000", light="#fff", **options)
    return picture.getvalue()
