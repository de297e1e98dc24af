"""Mails to members: styles at each element, none in the templates, dark mode kept."""

import re

from django.core import mail
from django.test import override_settings

from accounts.invitations import deliver, give_key
from accounts.models import MemberInvitation, Role
from cyclemap.letters import inlined


def test_styles_go_to_the_elements_and_media_queries_stay():
    style = "p { color: red } @media print { p { color: black } }"
    done = inlined(f"<html><head><style>{style}</style></head><body><p>x</p></body></html>")
    assert re.search(r'<p style="color:\s*red;?">x</p>', done)
    assert "@media print" in done


def test_an_invitation_reads_well_without_any_style_sheet(world):
    invitation = MemberInvitation(
        workspace=world.workspace, email="new@alba.example", role=Role.CONSULTANT, invited_by=world.owner
    )
    key = give_key(invitation)
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend"):
        assert deliver(invitation, key)
    [letter] = mail.outbox
    assert isinstance(letter, mail.EmailMultiAlternatives)
    html = str(letter.alternatives[0][0])
    link = re.search(r'<a class="go" href="[^"]+" style="([^"]+)">', html)
    assert link
    assert "background-color" in link[1]
    assert "prefers-color-scheme: dark" in html
    assert letter.body.count("/") > 2
