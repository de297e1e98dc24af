"""Which survey the map shows, and in which of its three views: both are said by the address."""

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import parse_qs, urlencode, urlsplit

from django.utils.translation import gettext as _

from accounts.access import MemberRequest
from cycles.models import Cycle
from cycles.scores import Round, Scores, rounds_of, scores_in
from cycles.views.reached import number_in

VIEWS = ("map", "list", "blueprint")


@dataclass(frozen=True)
class Chosen:
    """What customers said in the survey that is shown: the one asked for, else the latest."""

    request: MemberRequest
    cycle: Cycle
    view: str
    scores: Scores
    asked: int | None  # the round of the address, where the cycle has it
    unknown: bool = False

    @cached_property
    def rounds(self) -> list[Round]:
        return rounds_of(self.cycle)

    @property
    def kept(self) -> str:
        """The part of an address that keeps the survey."""
        return f"wave={self.asked}" if self.asked else ""

    @cached_property
    def url(self) -> str:
        """Of the view that is open."""
        return self.request.membership.url(f"cycles:{self.view}", self.cycle.pk)

    @cached_property
    def base(self) -> str:
        """What addresses of moments begin with: nothing on the page of the view itself, which has many."""
        htmx = self.request.htmx
        here = urlsplit(htmx.current_url or "").path if is_part(self.request) else self.request.path
        return "" if here == self.url else self.url

    def link(self, moment: int) -> str:
        return f"{self.base}?{self.kept}{'&' if self.kept else ''}moment={moment}"

    def address(self, moment: int | None = None, view: str = "") -> str:
        url = self.request.membership.url(f"cycles:{view}", self.cycle.pk) if view else self.url
        query = {"wave": self.asked, "moment": moment}
        said = urlencode({name: value for name, value in query.items() if value})
        return f"{url}?{said}" if said else url

    @property
    def views(self) -> list[tuple[str, str, bool]]:
        """Name, address and whether it is this one; the open moment stays open."""
        names = {"map": _("Wheel"), "list": _("List"), "blueprint": _("Blueprint")}
        moment = number_in(self.request.GET, "moment")
        return [(name, self.address(moment, view), view == self.view) for view, name in names.items()]

    @property
    def files(self) -> list[tuple[str, str]]:
        """The wheel as a picture."""
        url = self.request.membership.url
        query = f"?{self.kept}" if self.kept else ""
        return [
            ("SVG", url("cycles:wheel_svg", self.cycle.pk) + query),
            ("PNG", url("cycles:wheel_png", self.cycle.pk) + query),
        ]


def chosen_in(request: MemberRequest, cycle: Cycle, view: str = "") -> Chosen:
    """No query more than the page asks anyway, unless a survey is asked for: then one."""
    here = urlsplit(request.htmx.current_url or "")
    query = {name: values[-1] for name, values in parse_qs(here.query).items()}
    asked = number_in(request.GET if "wave" in request.GET else query, "wave")
    view = view or view_in(request, here.path)
    scores = scores_in(cycle, asked) if asked else None
    if scores is None:
        unknown = "wave" in request.GET and bool(request.GET["wave"])
        return Chosen(request, cycle, view, cycle.scores, None, unknown)
    return Chosen(request, cycle, view, scores, asked)


def is_part(request: MemberRequest) -> bool:
    htmx = request.htmx
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def view_in(request: MemberRequest, here: str) -> str:
    """A page says itself which view it is; a part of a page belongs to the one that is open."""
    if is_part(request):
        return next((name for name in VIEWS[1:] if here.endswith(f"/{name}/")), VIEWS[0])
    name = request.resolver_match.url_name if request.resolver_match else ""
    return name if name in VIEWS else VIEWS[0]
