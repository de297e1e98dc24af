"""The usual answer, taken in by one statement: what its page told of the link is put to the database as a
condition instead of being looked up first.

Nearly every press on Send comes from a page that is still right: its link is not revoked, its wave open, its
survey as it was. The process knows the survey, and in which version its rows were when it read them; the
statement that stores the answer does so only where nothing has changed (`surveys.writing.STILL`). Whatever
else is the case, nothing is stored here, and the long way (surveys/public_views.py) says what is to be said.
"""

from dataclasses import dataclass, field

from django.db import connection
from django.db.models import TextField
from django.db.models.expressions import RawSQL
from django.http import HttpResponse

from surveys import links, page_marks
from surveys.form_reader import one, read_answers
from surveys.intake import record_as_told
from surveys.languages import language_among, words_of
from surveys.models import Survey, Wave
from surveys.public_pages import Press, answer, is_from_our_page, notice
from surveys.questionnaire import questionnaire_of
from surveys.wording import Words
from surveys.writing import VERSION, table

# Waves that a process remembers; beyond, it starts afresh.
KEPT = 500
LANGUAGES_KEPT = 50


@dataclass(frozen=True)
class Seen:
    """An opened wave with its survey, as read in this version, and its page of thanks by wished languages."""

    wave: Wave
    version: str
    pages: dict[tuple[str, str], tuple[Words, bytes]] = field(default_factory=dict)

    def thanks(self, wish: str, usual: str) -> tuple[Words, bytes]:
        wishes = (wish, usual)
        found = self.pages.get(wishes)
        if found is None:
            survey = self.wave.survey
            say = words_of(survey, language_among(survey, *wishes))
            page = notice(say, survey, "thanks", text=say["with_others"], is_done=True)
            if len(self.pages) >= LANGUAGES_KEPT:
                self.pages.clear()
            found = self.pages[wishes] = (say, page.content)
        return found


_seen: dict[int, Seen] = {}


def thanks(press: Press) -> HttpResponse | None:
    """The page of thanks, if the answer is stored; None: go the long way."""
    data = press.data
    if "switch" in data or "save" in data:
        return None
    told = page_marks.told_by(press.token, one(data, "page"))
    seen = _seen.get(told.wave_id) if told else None
    if told is None or seen is None or not seen.wave.is_open:
        return None
    if not is_from_our_page(press.request) or not press.is_within_limits:
        return None
    asked = questionnaire_of(seen.wave.survey)
    if asked.drawn is not None:
        asked = asked.drawn_for(links.draw_seed(told))
    say, page = seen.thanks(press.request.GET.get("lang", ""), told.language)
    reading = read_answers(asked, data, say)
    if reading.faults or reading.answers.is_empty:
        return None
    if not record_as_told(told, seen.version, reading.answers, say.language):
        _seen.pop(told.wave_id, None)
        return None
    return answer(page, say)


def remember(wave: Wave) -> None:
    """After an answer that went the long way, so that the next need not."""
    if connection.vendor != "postgresql" or wave.pk in _seen or wave.survey.is_anonymous:
        return
    version = f"SELECT {VERSION} FROM {table(Wave)} w JOIN {table(Survey)} s ON s.id = w.survey_id"  # noqa: S608
    found = (
        Wave.objects.select_related("survey")
        .annotate(version=RawSQL(f"({version} WHERE w.id = %s)", [wave.pk], TextField()))  # noqa: S611
        .get(pk=wave.pk)
    )
    if len(_seen) >= KEPT:
        _seen.clear()
    _seen[wave.pk] = Seen(found, found.version)
