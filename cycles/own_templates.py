"""An own cycle as a template of the workspace: the map and what it requires, nothing of anybody."""

from typing import Any

from django.db import IntegrityError, models, transaction

from accounts.models import Client, User, Workspace
from cycles.document import Document, cycle_from, document_of
from cycles.models import Cycle, OwnTemplate
from cycles.versions import fingerprint_of

PREFIX = "own-"

# Who is responsible is the client's business; the rest of a moment is the service.
OWNERS = "owner_area"


def stripped(document: Document) -> Document:
    """Without plans and agreements, which name people and dates, and without who is responsible."""
    stages = [
        {**stage, "moments": [without_owner(moment) for moment in stage.get("moments", [])]}
        for stage in document.get("stages", [])
    ]
    kept = {name: value for name, value in document.items() if name != "service_levels"}
    if "indicators" in kept:
        kept["indicators"] = [
            {name: value for name, value in one.items() if name != "responsible"}
            for one in kept["indicators"]
        ]
    return {**kept, "stages": stages, "plans": []}


def without_owner(moment: Document) -> Document:
    kept = {name: value for name, value in moment.items() if name != OWNERS}
    if "translations" in kept:
        kept["translations"] = {
            language: {name: text for name, text in texts.items() if name != OWNERS}
            for language, texts in kept["translations"].items()
        }
    return kept


def save_as_template(cycle: Cycle, workspace: Workspace, name: str, author: User) -> OwnTemplate:
    """Responses, contacts, comments and attachments are no part of a document; asked for twice it is one."""
    document = stripped(document_of(cycle))
    fingerprint = fingerprint_of(name, document)
    known = OwnTemplate.objects.filter(workspace=workspace, fingerprint=fingerprint, deleted_at=None)
    try:
        with transaction.atomic():
            return known.first() or OwnTemplate.objects.create(
                workspace=workspace,
                name=name,
                language=cycle.language,
                document=document,
                fingerprint=fingerprint,
                author=str(author)[:120],
            )
    except IntegrityError:  # the other click was faster
        return known.get()


def templates_of(workspace: Workspace) -> models.QuerySet[OwnTemplate]:
    return OwnTemplate.objects.filter(workspace=workspace, deleted_at=None)


def begin_from(template: OwnTemplate, client: Client, *, name: str = "", persona: str = "") -> Cycle:
    """A new cycle, in the language of the template; without a name of its own it has the template's."""
    own: dict[str, Any] = {"name": name or template.name}
    if persona:
        own["persona"] = persona
    own["translations"] = {
        language: {field: text for field, text in texts.items() if field not in own}
        for language, texts in template.document.get("translations", {}).items()
    }
    return cycle_from(template.document, client, **own)
