"""The steps of an action as buttons: what each is called where, and which one is meant to come next."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from cycles.approval import APPROVED, DOING, DONE, DROPPED, PROPOSED, SENT_BACK

# From which state, to which.
WORDS = {
    (SENT_BACK, PROPOSED): _("Propose again"),
    (DROPPED, PROPOSED): _("Take it up again"),
    (DONE, DOING): _("Open again"),
    (DOING, APPROVED): _("Not begun after all"),
}
# Where nothing else is said.
VERBS = {
    PROPOSED: _("Take the approval back"),
    APPROVED: _("Approve"),
    DOING: _("Begin"),
    DONE: _("It is done"),
    DROPPED: _("Drop it"),
}
# What comes next, the first of these that may be taken.
NEXT = {
    PROPOSED: (APPROVED, DOING),
    SENT_BACK: (APPROVED, PROPOSED),
    APPROVED: (DOING,),
    DOING: (DONE,),
    DONE: (),
    DROPPED: (PROPOSED,),
}
ORDER = (APPROVED, DOING, DONE, PROPOSED, DROPPED)


@dataclass(frozen=True)
class Button:
    target: str
    label: str
    first: bool


def buttons_of(state: str, targets: Sequence[str]) -> list[Button]:
    """One for each state it may be put in; the one that comes next stands first."""
    first = next((target for target in NEXT[state] if target in targets), None)
    ordered = sorted(targets, key=lambda target: (target != first, ORDER.index(target)))
    return [
        Button(target, str(WORDS.get((state, target), VERBS[target])), target == first) for target in ordered
    ]
