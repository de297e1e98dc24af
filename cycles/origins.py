"""What an action is made from: the form comes filled in, and what it was made from remembers it.

The page "New action" takes these names in its address:

    name         what the action is called at first
    moment       a moment it serves (the key); `requirement` likewise
    plan         the plan it goes into
    comment      a remark: names the action, gives its moments, and is linked to it
    case         a case, likewise

Everything but the first three is an origin: `settings.ACTION_MADE_FROM` names for each the function that
looks it up, so that what stands above the map can be one. The function is given the cycle, the member and
the key, and answers an Origin, or None where there is none this member may see (a 404).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.http import Http404
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from accounts.models import Membership
from cycles.models import Action, Comment, Cycle
from cycles.plan_choice import number

LONGEST_NAME = 160


@dataclass(frozen=True)
class Origin:
    line: str  # said above the form: "From the comment of Ana: ..."
    name: str
    url: str  # where it is read
    moments: tuple[int, ...]
    requirements: tuple[int, ...]
    made: Callable[[Action], None]  # called once the action is saved, in the same transaction


Source = Callable[[Cycle, Membership, int], Origin | None]


def origin_in(query: Mapping[str, str], cycle: Cycle, member: Membership) -> tuple[str, int, Origin] | None:
    """The origin that an address or a form names, with its name and key. 404 where it is not there."""
    for name, path in settings.ACTION_MADE_FROM.items():
        if key := number(query.get(name)):
            source: Source = import_string(path)
            if (found := source(cycle, member, key)) is None:
                raise Http404
            return name, key, found
    return None


def from_comment(cycle: Cycle, member: Membership, key: int) -> Origin | None:
    found = (
        member.reach(Comment)
        .select_related("requirement")
        .filter(pk=key, cycle=cycle, deleted_at=None)
        .first()
    )
    if found is None:
        return None
    moment = found.moment_id or (found.requirement.moment_id if found.requirement else None)
    if found.action_id:
        moments = tuple(
            Action.moments.through.objects.filter(action=found.action_id).values_list("moment_id", flat=True)
        )
    else:
        moments = (moment,) if moment else ()

    def made(action: Action) -> None:
        action.from_comment = found
        action.save(update_fields=["from_comment"])

    kind = "moment" if found.moment_id else "requirement" if found.requirement_id else "action"
    page = member.url(f"cycles:{kind}_comments", getattr(found, f"{kind}_id"))
    return Origin(
        line=_("From the comment of %(who)s: “%(text)s”")
        % {"who": found.author_name, "text": shortened(found.text)},
        name=shortened(found.text),
        url=f"{page}#c{found.pk}",
        moments=moments,
        requirements=(found.requirement_id,) if found.requirement_id else (),
        made=made,
    )


def shortened(text: str) -> str:
    """Its first line, no longer than a name may be."""
    line = " ".join(text.strip().split("\n")[0].split())
    return line if len(line) <= LONGEST_NAME else f"{line[: LONGEST_NAME - 1].rstrip()}…"
