"""What happened lately to a cycle, as far as the data itself tells."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from prioritization.models import JobState, Report
from prioritization.situation import Situation
from surveys.models import Wave

MOST = 5


@dataclass(frozen=True)
class Event:
    at: datetime
    says: str
    icon: str
    dated: bool = False  # only the day is known

    def when(self, today: date) -> str:
        """The hour today, "yesterday", else the day."""
        day = timezone.localdate(self.at)
        if day == today and not self.dated:
            return date_format(timezone.localtime(self.at), "TIME_FORMAT")
        if day == today:
            return _("today")
        if day == today - timedelta(days=1):
            return _("yesterday")
        return date_format(day, "MONTH_DAY_FORMAT" if day.year == today.year else "SHORT_DATE_FORMAT")


def recent(situation: Situation, waves: Iterable[Wave]) -> list[Event]:
    """The newest first. One query."""
    events = [*of_waves(waves), *of_answers(situation), *of_actions(situation), *of_reports(situation)]
    return sorted(events, key=lambda event: event.at, reverse=True)[:MOST]


def of_waves(waves: Iterable[Wave]) -> Iterator[Event]:
    for wave in waves:
        if wave.opened_at:
            yield Event(wave.opened_at, _("The survey %(wave)s was opened") % {"wave": wave}, "mail")
        if wave.closed_at:
            yield Event(wave.closed_at, _("The survey %(wave)s was closed") % {"wave": wave}, "mail")


def of_answers(situation: Situation) -> Iterator[Event]:
    asked = situation.asked
    if asked and asked.last:
        says = ngettext(
            "%(n)d customer has answered %(wave)s", "%(n)d customers have answered %(wave)s", asked.answers
        )
        yield Event(asked.last, says % {"n": asked.answers, "wave": asked.wave}, "check")


def of_actions(situation: Situation) -> Iterator[Event]:
    for step in situation.plan.done:
        if step.action.done_on:
            noon = timezone.make_aware(datetime.combine(step.action.done_on, time(12)))
            yield Event(noon, _("%(action)s was done") % {"action": step.action}, "check", dated=True)


def of_reports(situation: Situation) -> Iterator[Event]:
    done = Report.objects.filter(cycle=situation.cycle, state=JobState.DONE).select_related("requested_by")
    for report in done[:MOST]:
        if report.finished_at:
            says = (
                _("%(name)s made a report") % {"name": report.requested_by}
                if report.requested_by
                else _("A report was made")
            )
            yield Event(report.finished_at, says, "doc")
