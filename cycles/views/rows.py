"""The list beside the wheel, row by row: what `_row.html` and `_add.html` print (cyclemap.stencil)."""

from django.middleware.csrf import get_token
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.access import MemberRequest
from cyclemap.stencil import Row
from cycles.choices import Channel
from cycles.comments import open_counts
from cycles.drawing import figure
from cycles.emotion import signed
from cycles.forms import NewMomentForm
from cycles.outline import Entry, Outline
from cycles.views.chosen import Chosen

NBSP = "\N{NO-BREAK SPACE}"


def means_of(outline: Outline) -> list[tuple[int, str]]:
    """What customers think of each stage."""
    return [
        (part.stage.pk, "" if part.satisfaction is None else figure(part.satisfaction))
        for part in outline.parts
    ]


def head_rows(request: MemberRequest, outline: Outline) -> dict[int, Row]:
    """By stage: its name, and what customers think of it."""
    edit = request.membership.urls("cycles:stage_edit")
    means = dict(means_of(outline))
    return {
        part.stage.pk: {
            "pk": part.stage.pk,
            "name": str(part.stage),
            "phase": part.stage.get_phase_display(),
            "mean": means[part.stage.pk],
            "edit": edit(part.stage.pk) if request.membership.is_editor else "",
        }
        for part in outline.parts
    }


def moment_rows(
    outline: Outline, selected: int | None, focus: int | None, forms: dict[int, str], chosen: Chosen
) -> dict[int, list[Row]]:
    """By stage. `focus`: whose row gets the keyboard; `forms`: what stands in place of a row."""
    member = chosen.request.membership
    kept = f"{chosen.kept}&" if chosen.kept else ""
    wide = chosen.view == "list"
    move, name = member.urls("cycles:moment_move"), member.urls("cycles:moment_name")
    unrated = "–" if outline.scores.n_responses else ""
    last = len(outline)
    talk = open_counts(outline.cycle, "moment")
    rows: dict[int, list[Row]] = {part.stage.pk: [] for part in outline.parts}
    for entry in outline:
        pk = entry.moment.pk
        rows[entry.stage.pk].append(
            {
                "may_edit": member.is_editor,
                "pk": pk,
                "number": entry.number,
                "name": str(entry.moment),
                "critical": entry.moment.is_critical,
                "missed": entry.missed,
                "talk": talk.get(pk, ""),
                "step": entry.step,
                "score": unrated if entry.satisfaction is None else figure(entry.satisfaction),
                "selected": pk == selected,
                "focus": pk == focus,
                "first": entry.number == 1,
                "last": entry.number == last,
                "page": chosen.base,
                "kept": kept,
                "facts": wide and facts(entry),
                "move": move(pk),
                "rename": name(pk),
                "form": forms.get(pk, ""),
            }
        )
    return rows


def facts(entry: Entry) -> str:
    """What the list has room for when it has the page to itself: what the wheel shows, in words."""
    moment = entry.moment
    said = []
    if entry.importance is not None:
        said.append(_("importance %(value)s") % {"value": figure(entry.importance)})
    if entry.few:
        said.append(_("not enough answers"))
    elif entry.score:
        said.append(ngettext("%(n)d answer", "%(n)d answers", entry.score.n) % {"n": entry.score.n})
    if moment.emotion is not None:
        said.append(_("expected emotion %(value)s") % {"value": signed(moment.emotion)})
    if entry.requirements:
        n = entry.requirements
        said.append(ngettext("%(n)d requirement", "%(n)d requirements", n) % {"n": n})
    # A figure stays with its word, and the point between two facts at the end of its line.
    whole = [fact.replace(" ", NBSP) for fact in said]
    return f"{NBSP}· ".join(filter(None, [", ".join(moment.channel_labels), *whole]))


def add_rows(
    request: MemberRequest, outline: Outline, adding: int | None, typed: NewMomentForm | None
) -> dict[int, Row]:
    """By stage: the line by which a moment is added, open in the stage `adding`."""
    add, token = request.membership.urls("cycles:moment_add"), get_token(request)
    paste = request.membership.url("cycles:moments_paste", outline.cycle.pk)
    blank = {"options": options("")}
    faulty = (
        {
            "options": options(typed["channel"].value() or ""),
            "typed": typed["name"].value(),
            "error": " ".join(map(str, typed["name"].errors)),
        }
        if typed
        else blank
    )
    return {
        part.stage.pk: {
            "pk": part.stage.pk,
            "stage": str(part.stage),
            "url": add(part.stage.pk),
            "paste": paste,
            "token": token,
            "open": part.stage.pk == adding,
            **(faulty if part.stage.pk == adding else blank),
        }
        for part in outline.parts
    }


def options(chosen: str) -> SafeString:
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        (
            (value, SafeString(" selected") if value and value == chosen else "", label)
            for value, label in [("", _("Channel")), *Channel.choices]
        ),
    )
