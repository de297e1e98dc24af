"""Every page of the site in a workspace that is there: what the browser tests and `make screens` visit.

The pages come from the URLconf, the objects in their addresses from the database, so that a new page is
looked at from its first day. Run inside the product:

    python manage.py shell -v0 -c "from tests.example_pages import tell; tell('ferrer')"
"""

import json
import logging
from dataclasses import asdict, dataclass

from allauth.account.internal.flows.login import record_authentication
from django.apps import apps
from django.db.models import Model
from django.http import HttpRequest
from django.test import Client as Browser
from django.urls import reverse

from accounts.models import Membership, Role, User, Workspace
from cycles.models import Cycle
from surveys.links import open_token_for, token_for, unsubscribe_token_for, visit_token_for
from surveys.models import Invitation, OpenLink, SurveyStatus, Visit
from tests.site_map import Route, needs_no_login, routes

# Arguments that are not called after their model.
MODELS = {
    "member_id": "Membership",
    "member_invitation_id": "MemberInvitation",
    "list_id": "ContactImport",
    "import_id": "RatingsImport",
}
WORDS = {"attribute": "standard", "lane": "front_stage", "language": "pt", "kind": "moment"}


@dataclass(frozen=True)
class Address:
    """A page by the name of its route, whom it is shown to and where it is."""

    name: str
    path: str
    public: bool


def tell(slug: str, cycle: int | None = None) -> None:
    logging.disable(logging.CRITICAL)
    print(json.dumps([asdict(address) for address in addresses(slug, cycle)]))


def addresses(slug: str, cycle: int | None = None) -> list[Address]:
    """Those that answer the owner's GET with a whole page; of a cycle that one, else the most used."""
    workspace = Workspace.objects.get(slug=slug)
    focus = Cycle.objects.get(pk=cycle) if cycle else busiest(workspace)
    owner = workspace.memberships.filter(role=Role.OWNER).order_by("pk")[0].user
    browser = Browser(SERVER_NAME="127.0.0.1", raise_request_exception=False)
    guest = Browser(SERVER_NAME="127.0.0.1", raise_request_exception=False)
    log_in(browser, owner)
    found = []
    for route in routes():
        path = path_of(route, workspace, focus)
        if path is None or route.name.startswith("health"):
            continue
        is_public = needs_no_login(route)
        if route.name.startswith(("account_", "mfa_")):
            is_public = is_page(guest, path)
        if is_page(guest if is_public else browser, path):
            found.append(Address(route.name, path, is_public))
    # Those of the account first: some are shown for five minutes after the password, in a browser too.
    return sorted(found, key=lambda page: not page.name.startswith(("account", "mfa")))


def log_in(browser: Browser, owner: User) -> None:
    """As by password, just now and once more: what asks for it again is shown."""
    browser.force_login(owner)
    request = HttpRequest()
    request.session = browser.session
    record_authentication(request, owner, method="password", reauthenticated=True)
    request.session.save()


def is_page(browser: Browser, path: str) -> bool:
    response = browser.get(path)
    whole = response.status_code == 200 and response["Content-Type"].startswith("text/html")
    return whole and b"<!doctype" in b"".join(response)[:200].lower()


def busiest(workspace: Workspace) -> Cycle:
    cycles = Cycle.objects.filter(client__workspace=workspace, deleted_at=None)
    return max(cycles, key=lambda cycle: (cycle.surveys.count(), cycle.stages.count()))


def path_of(route: Route, workspace: Workspace, cycle: Cycle) -> str | None:
    """None where the workspace has nothing that such a page would show."""
    values: dict[str, object] = {}
    for argument in route.arguments:
        value = value_of(argument, route, workspace, cycle)
        if value is None:
            return None
        values[argument] = value
    return reverse(route.name, kwargs=values)


def value_of(argument: str, route: Route, workspace: Workspace, cycle: Cycle) -> object:
    if argument == "workspace":
        return workspace.slug
    if argument in WORDS:
        return WORDS[argument]
    if argument == "token":
        return token_of(route, cycle)
    if argument == "member_id":
        return (
            Membership.objects.filter(workspace=workspace).order_by("pk").values_list("pk", flat=True).last()
        )
    if not argument.endswith("_id"):
        return None
    model = model_of(argument)
    return newest(model, cycle) if model else None


def token_of(route: Route, cycle: Cycle) -> str | None:
    """Of a link that a customer of this cycle could press."""
    link = OpenLink.objects.filter(wave__survey__cycle=cycle, revoked_at=None).first()
    asked = Invitation.objects.filter(
        wave__survey__cycle=cycle, wave__status=SurveyStatus.OPEN, response=None, revoked_at=None
    )
    invitation = asked.order_by("pk").first()
    if route.name == "customers:visit":
        visit = Visit.objects.filter(wave__survey__cycle=cycle, state="planned", revoked_at=None).first()
        return visit_token_for(visit) if visit else None
    if route.name == "customers:open":
        return open_token_for(link) if link else None
    if invitation is None:
        return None
    tokens = {"customers:survey": token_for, "customers:unsubscribe": unsubscribe_token_for}
    return tokens[route.name](invitation) if route.name in tokens else None


def model_of(argument: str) -> type[Model] | None:
    name = MODELS.get(argument) or "".join(part.title() for part in argument.removesuffix("_id").split("_"))
    for app in ("accounts", "cycles", "surveys", "prioritization"):
        if name.lower() in apps.all_models[app]:
            return apps.get_model(app, name)
    return None


def newest(model: type[Model], cycle: Cycle) -> object:
    """The key of the latest row of the cycle; of its client where it is the client's."""
    if model is Cycle:
        return cycle.pk
    path = getattr(model, "client_path", None)
    if path is None:
        return None
    if path == "":
        return cycle.client_id
    rows = model._default_manager.order_by("-pk")
    of_cycle = path.endswith("cycle__client")
    wanted: Model = cycle if of_cycle else cycle.client
    rows = rows.filter(**{path.removesuffix("__client") if of_cycle else path: wanted})
    return rows.values_list("pk", flat=True).first()
