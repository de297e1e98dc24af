"""The method in one page: five steps, four quadrants, how sure a number is."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prioritization import figures
from prioritization.reports import parts
from prioritization.reports.chapters import Chapter, Found
from prioritization.reports.document import Document
from prioritization.shapes import LOOKS
from prioritization.standing import SURE


@dataclass(frozen=True)
class Step:
    number: int
    name: str
    says: str


def find(document: Document) -> Found:
    return Found(
        _("The method in one page"),
        _("Five steps that begin and end with the customer"),
        {"steps": steps(), "quadrants": quadrants(), "sure": sure(document)},
    )


def steps() -> list[Step]:
    said = [
        (
            _("Moments of truth"),
            _(
                "The service is drawn as the customer experiences it: a cycle of contacts in which an "
                "opinion is formed. A critical moment is one that decides the whole opinion."
            ),
        ),
        (
            _("Requirements"),
            _(
                "For each moment the question is: if we were the customers, what would we need here, at "
                "the least, and what would make us come back?"
            ),
        ),
        (
            _("Action plan"),
            _("What will be done about it, by whom, until when and with what effort."),
        ),
        (
            _("Prioritization"),
            _(
                "Importance and satisfaction of the moments are crossed: what matters much and satisfies "
                "little comes first."
            ),
        ),
        (
            _("Satisfaction survey"),
            _(
                "The customers themselves say how important each moment is and how satisfied they were. "
                "The next survey shows whether the actions changed anything, and the cycle begins anew."
            ),
        ),
    ]
    return [Step(number, name, says) for number, (name, says) in enumerate(said, 1)]


def quadrants() -> list[tuple[parts.Sign, str]]:
    says = {
        "concentrate_here": _("It matters much and satisfies little: concentrate here."),
        "keep_up": _("It matters much and satisfies: keep up the good work."),
        "low_priority": _("It matters less and satisfies little: low priority."),
        "possible_overkill": _("It matters less and satisfies: perhaps more is done than is needed."),
    }
    return [(parts.sign(quadrant), says[quadrant]) for quadrant in LOOKS]


def sure(document: Document) -> list[tuple[str, str]]:
    said = [
        (
            _("Means are estimates"),
            _(
                "Not every customer answered, so each mean comes with an interval: with other customers "
                "of the same kind it would lie in it 95 times in 100."
            ),
        ),
        (
            _("Certainty"),
            _("How likely it is that a moment truly lies in its quadrant. Below %(sure)s its mark is hollow.")
            % {"sure": figures.percent(SURE)},
        ),
        (
            _("Changes"),
            _(
                "A change is called clear when chance would hardly give it, with all moments compared at "
                "once. Clear or not, it does not prove a cause."
            ),
        ),
        (
            _("Small groups"),
            _(
                "What too few customers answered is not shown, to protect them and because the mean would "
                "be noise."
            ),
        ),
    ]
    return said if document.wave else []


CHAPTER = Chapter("method", gettext_lazy("The method in one page"), find)
