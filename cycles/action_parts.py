"""What the page of an action shows beside what the map itself knows: its measured effect, its cases.

The map is below the surveys and the matrix: `settings.ACTION_PARTS` names the functions that are asked, in
their order. Each is given the action and the member who reads, and answers a template and its context, or
None where it has nothing to say.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.module_loading import import_string
from django.utils.safestring import SafeString

from accounts.access import MemberRequest
from accounts.models import Membership
from cycles.models import Action

Part = Callable[[Action, Membership], tuple[str, dict[str, Any]] | None]


def parts_of(request: MemberRequest, action: Action) -> list[SafeString]:
    """The sections as markup, in the order of the settings."""
    found = []
    for path in settings.ACTION_PARTS:
        part: Part = import_string(path)
        if said := part(action, request.membership):
            found.append(render_to_string(said[0], said[1], request))
    return found
