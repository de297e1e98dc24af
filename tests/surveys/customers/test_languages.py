"""Added languages, switching with everything kept, the score in the mail, the size of all at once."""

import pytest
from django.db import connection

from cycles.models import Moment, Requirement
from surveys import instrument
from surveys.models import Address, Response, Wave
from tests.surveys.asking import invite
from tests.surveys.customers.every_question import opened, questions
from tests.surveys.forms import Form, path_of, press, text_of

# --- Languages ----------------------------------------------------------------------------------


PORTUGUESE = {
    "name": "Português",
    "title": "Como foi na {brand}?",
    "went": "Passou por isto?",
    "thanks": "Obrigado",
    "start": "{nonsense} {0} {",
    "satisfaction_words": "péssimo|ótimo",
}


@pytest.fixture
def three_languages(world) -> Wave:
    return opened(world, texts={"pt": PORTUGUESE}, languages=["es", "en", "pt"])


def test_an_added_language_is_offered_and_falls_back_to_the_surveys(three_languages, customer):
    invitation = invite(three_languages, language="pt-BR")
    page = text_of(customer.get(path_of(invitation)))
    assert '<html lang="pt">' in page
    assert "Como foi na Lunaria?" in page
    assert "Passou por isto?" in page
    assert "Send my answers" in page
    assert "{nonsense} {0} {" in page
    assert 'formaction="?lang=es"' in page
    assert 'formaction="?lang=en"' in page
    assert "Português" in text_of(customer.get(path_of(invitation, "?lang=en")))
    done = press(customer, path_of(invitation), nps="9")
    assert "Obrigado" in text_of(done)
    assert Response.objects.get().language == "pt"


def test_a_language_that_the_survey_leaves_out_is_not_offered(world, customer):
    invitation = invite(opened(world, languages=["es"], language="es"), language="en")
    page = text_of(customer.get(path_of(invitation, "?lang=en")))
    assert '<html lang="es">' in page
    assert "formaction" not in page


def test_switching_the_language_keeps_what_was_typed_and_stores_nothing(extra, customer):
    invitation, _asked = extra
    typed: dict[str, str | list[str]] = {
        "w1": "y",
        "s1": "9",
        "x1": "1",
        "x2": ["0", "1"],
        "x3": "Señal",
        "comment": "Dos\nlíneas",
    }
    page = press(customer, path_of(invitation, "?lang=en"), **typed)
    fields = Form(text_of(customer.get(path_of(invitation)))).fields
    page = customer.post(path_of(invitation, "?lang=es"), {**fields, **typed, "switch": "1"})
    assert page.status_code == 200
    assert '<html lang="es">' in text_of(page)
    assert "Sobre verdict" in text_of(page)
    again = Form(text_of(page)).fields
    assert {name: again[name] for name in ("w1", "x1", "x2", "x3", "comment")} == {
        "w1": ["y"], "x1": ["1"], "x2": ["0", "1"], "x3": ["Señal"], "comment": ["Dos\nlíneas"],
    }  # fmt: skip
    assert 'role="alert"' not in text_of(page)
    assert not Response.objects.exists()
    # From there it is sent as ever.
    assert customer.post(path_of(invitation, "?lang=es"), {**again, "w1": "n"}).status_code == 200
    assert Response.objects.get().language == "es"


def test_enter_in_a_line_of_text_sends_and_does_not_switch(extra, customer):
    """A browser presses the first button of the form, wherever it stands: one that only sends."""
    page = text_of(customer.get(path_of(extra[0])))
    header, form = page.index('class="sv-langs"'), page.index('<button form="f" hidden>')
    assert form < header


# --- The score in the mail ----------------------------------------------------------------------


def test_a_score_clicked_in_the_mail_is_chosen_on_the_page_and_nowhere_stored(world, customer):
    invitation = invite(opened(world))
    for query, name, value in (("?overall=4", "overall", "4"), ("?nps=9&lang=es", "nps", "9")):
        page = text_of(customer.get(path_of(invitation, query)))
        assert Form(page).fields[name] == [value]
        assert 'role="alert"' not in page
    odd = text_of(customer.get(path_of(invitation, '?overall=99&nps="><b>x')))
    assert "overall" not in Form(odd).fields
    assert "<b>x" not in odd
    assert not Response.objects.exists()
    invitation.refresh_from_db()
    assert (invitation.started_at, invitation.opened_at) == (None, None)
    assert press(customer, path_of(invitation, "?overall=4")).status_code == 200
    assert Response.objects.get().overall == 4


SAID = {
    ("es", Address.TU): "En el correo tocaste 4 de 5: aquí ya está marcado y puedes cambiarlo. "
    "Todavía no está guardado; cuenta cuando envíes tus respuestas.",
    ("es", Address.USTED): "En el correo tocó 4 de 5: aquí ya está marcado y puede cambiarlo. "
    "Todavía no está guardado; cuenta cuando envíe sus respuestas.",
    ("en", Address.TU): "In the e-mail you pressed 4 of 5: it is marked here, and you can change it. "
    "It is not stored yet; it counts once you send your answers.",
}


@pytest.mark.parametrize(("language", "address"), SAID)
def test_the_page_says_which_score_came_with_the_mail(world, customer, language, address):
    path = path_of(invite(opened(world, address=address)), f"?lang={language}")
    page = text_of(customer.get(f"{path}&overall=4"))
    assert page.index(SAID[language, address]) < page.index("<h1>")
    assert 'href="#overall"' in page
    assert 'id="overall"' in page
    for other in (path, f"{path}&overall=99"):
        assert SAID[language, address][:14] not in text_of(customer.get(other))


def test_a_resumed_page_says_both_what_was_saved_and_what_the_mail_changed(world, customer):
    invitation = invite(opened(world))
    press(customer, path_of(invitation, "?lang=en"), overall="2", save="1")
    page = text_of(customer.get(path_of(invitation, "?lang=en&overall=4")))
    assert "In the e-mail you pressed 4 of 5" in page
    assert "This is what you saved." in page
    assert Form(page).fields["overall"] == ["4"]
    assert invitation.draft.data["overall"] == ["2"]


# --- Small and few ------------------------------------------------------------------------------


def test_all_of_it_at_once_is_one_query_and_small(world, customer, settings, django_assert_num_queries):
    survey = instrument.draft_survey(world.cycle)
    questions(survey)
    stage = Moment.objects.get(name="Find the shop").stage
    for n in range(20):
        moment = Moment.objects.create(stage=stage, position=50 + n, name=f"Wait for the seamstress {n}")
        survey.requirements.add(
            Requirement.objects.create(moment=moment, name=f"A chair to sit on {n}", position=0)
        )
    invitation = invite(opened(world, asks_effort=True, importance="picks", texts={"pt": PORTUGUESE}))
    customer.get(path_of(invitation))
    with django_assert_num_queries(1):
        page = customer.get(path_of(invitation), headers={"accept-encoding": "gzip"})
    files = ("css/survey.css", "js/survey.js")
    size = len(page.content) + sum((settings.BASE_DIR / "static" / name).stat().st_size for name in files)
    assert size < 30_000
    if connection.vendor == "postgresql":
        assert press(customer, path_of(invitation), x1="0").status_code == 200
