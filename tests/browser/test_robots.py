"""Scanners of mail servers open every link, ask for its head, and run its script in a real browser."""

import json
import urllib.request

from playwright.sync_api import Browser

from tests.browser.conftest import Product

LINKS = 50
SEED = f"""
import json
from accounts.models import Client, Workspace
from cycles.models import Cycle, Moment, Stage
from surveys import instrument, links
from surveys.models import Contact, Invitation
client = Client.objects.create(workspace=Workspace.objects.create(name="R", slug="robots"), name="R")
cycle = Cycle.objects.create(client=client, name="Shop", language="en")
stage = Stage.objects.create(cycle=cycle, position=0, name="Pay")
Moment.objects.create(stage=stage, position=0, name="Queue at the till")
wave = instrument.open_wave(instrument.draft_survey(cycle).waves.get())
found = []
for n in range({LINKS}):
    contact = Contact.objects.create(client=client, email=f"robot{{n}}@mail.example", language="en")
    invitation = Invitation.objects.create(wave=wave, contact=contact, nonce=links.new_nonce())
    found.append([f"/s/{{links.token_for(invitation)}}/", links.unsubscribe_url(invitation)])
print(json.dumps(found))
"""
# Everything that a person's visit would leave behind.
KEPT = """
import hashlib
from django.core import serializers
from surveys.models import Contact, Draft, Invitation, Rating, Response, Suppression, Wave
mine = {"wave__survey__cycle__client__name": "R"}
rows = [
    *Invitation.objects.filter(**mine), *Response.objects.filter(**mine), *Wave.objects.order_by("pk"),
    *Draft.objects.filter(invitation__wave__survey__cycle__client__name="R"),
    *Rating.objects.filter(response__wave__survey__cycle__client__name="R"),
    *Contact.objects.filter(client__name="R"), *Suppression.objects.filter(client__name="R"),
]
print(len(rows), hashlib.sha256(serializers.serialize("json", rows).encode()).hexdigest())
"""


def test_robots_change_nothing_by_head_get_and_chromium(product: Product, chrome: Browser) -> None:
    links = json.loads(product.manage("shell", "-v0", "-c", SEED).splitlines()[-1])
    addresses = [
        f"{product.url}/{path.split('/', 3)[3] if path.startswith('http') else path[1:]}"
        for pair in links
        for path in pair
    ]
    before = product.manage("shell", "-v0", "-c", KEPT)
    assert int(before.split()[0]) > 2 * LINKS
    for address in addresses:
        for method in ("HEAD", "GET"):
            asked = urllib.request.Request(address, method=method)
            with urllib.request.urlopen(asked) as answer:
                assert answer.status == 200
    page = chrome.new_context(locale="en-GB").new_page()
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    for address in addresses:
        answer = page.goto(address)
        assert answer is not None
        assert answer.ok
    # Long enough for what a page might send of itself a moment later.
    page.wait_for_timeout(1500)
    assert set(sent) == {"GET"}
    page.context.close()
    assert product.manage("shell", "-v0", "-c", KEPT) == before
