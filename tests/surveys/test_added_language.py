"""A language that does not ship, written for one survey: its texts, what is missing, what is refused."""

import pytest

from cycles.models import Moment
from surveys import instrument
from surveys.added_language import fault, table_of
from surveys.campaigns import campaign_of
from surveys.cases.mail import letter_about, words_for
from surveys.cases.opening import open_case
from surveys.mail import letter_for
from surveys.models import FollowUp, Item, Question, Response, Survey, Wave
from surveys.wording_case import CASE_EN, key_of
from surveys.wording_mail import MAIL_EN
from tests.conftest import log_in
from tests.surveys.asking import invite


@pytest.fixture
def survey(world):
    survey = instrument.draft_survey(world.cycle)
    Survey.objects.filter(pk=survey.pk).update(language="en")
    survey.refresh_from_db()
    return survey


@pytest.fixture
def post(world, consultant, survey):
    return lambda path, **fields: consultant.post(world.url(f"surveys/{survey.pk}/{path}"), fields)


@pytest.fixture
def portuguese(post, survey):
    post("languages/add/", code="pt", name="Português")
    survey.refresh_from_db()
    return survey


def text(response):
    return response.content.decode()


def test_a_language_is_added_under_its_own_name(post, survey):
    response = post("languages/add/", code="pt", name="")
    assert response.status_code == 302
    survey.refresh_from_db()
    assert survey.texts == {"pt": {"name": "Português"}}


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"code": "es"}, "The survey already has this language."),
        ({"code": "portuguese"}, "at most 5 characters"),
        ({"code": "p1"}, "Two letters, like pt, or like pt-BR."),
        ({"code": "zz"}, "Say how the language calls itself."),
    ],
)
def test_what_is_no_language_is_refused(post, survey, fields, said):
    response = post("languages/add/", **fields)
    assert response.status_code == 422
    assert said in text(response)
    survey.refresh_from_db()
    assert survey.texts == {}


def test_texts_are_saved_and_the_missing_are_counted(world, consultant, post, portuguese):
    survey = portuguese
    Question.objects.create(
        survey=survey, position=0, wording={"en": "Which shop?"}, options=[{"en": "North"}, {"en": "South"}]
    )
    moment = Moment.objects.get(name="Be greeted")
    before = table_of(survey, "pt")
    assert before.missing == before.total
    # Three moments of two stages, a question with two options.
    assert len(before.groups[0].sentences) == 8
    question = Question.objects.get()
    fields = {
        "yes": "Sim",
        "mail_hello": "Olá, {name}",
        f"moment:{moment.pk}": "Ser recebido",
        f"question:{question.pk}": "Que loja?",
        f"option:{question.pk}:1": "Sul",
    }
    assert post("languages/pt/save/", **fields).status_code == 302
    survey.refresh_from_db()
    assert survey.texts["pt"] == {
        "name": "Português",
        "yes": "Sim",
        "mail_hello": "Olá, {name}",
        f"moment:{moment.pk}": "Ser recebido",
    }
    after = table_of(survey, "pt")
    assert after.missing == before.total - 5
    listed = text(consultant.get(world.url(f"surveys/{survey.pk}/languages/")))
    assert f"{after.missing} of {after.total} texts missing" in listed
    question.refresh_from_db()
    assert question.wording == {"en": "Which shop?", "pt": "Que loja?"}
    assert question.options == [{"en": "North"}, {"en": "South", "pt": "Sul"}]


def test_the_customers_page_speaks_it_and_falls_back_to_the_main_language(
    world, consultant, post, portuguese
):
    moment = Moment.objects.get(name="Be greeted")
    post("languages/pt/save/", **{"yes": "Sim", f"moment:{moment.pk}": "Ser recebido"})
    shown = text(consultant.get(world.url(f"surveys/{portuguese.pk}/preview/?lang=pt")))
    assert 'lang="pt"' in shown
    assert "Sim" in shown
    assert "Ser recebido" in shown
    assert "Queue at the till" in shown
    assert "How did it go?" in shown


def test_it_is_frozen_with_the_survey(post, portuguese):
    moment = Moment.objects.get(name="Be greeted")
    post("languages/pt/save/", **{f"moment:{moment.pk}": "Ser recebido"})
    instrument.open_wave(Wave.objects.get(survey=portuguese))
    assert Item.objects.get(moment=moment).text("pt") == "Ser recebido"
    assert post("languages/pt/save/", **{f"moment:{moment.pk}": "Outra coisa"}).status_code == 422
    assert post("languages/pt/remove/").status_code == 422
    assert post("languages/add/", code="fr", name="Français").status_code == 422
    portuguese.refresh_from_db()
    assert list(portuguese.texts) == ["pt"]


def test_of_an_opened_survey_the_pages_say_why_nothing_changes_and_lead_on(world, consultant, portuguese):
    Survey.objects.filter(pk=portuguese.pk).update(languages=["en"])
    places = [world.url(f"surveys/{portuguese.pk}/languages/{path}") for path in ("", "pt/")]
    copy = world.url(f"surveys/{portuguese.pk}/copy/")
    for place in places:
        assert copy not in text(consultant.get(place))
    instrument.open_wave(Wave.objects.get(survey=portuguese))
    for place in places:
        shown = text(consultant.get(place))
        assert "so its texts no longer change" in shown
        assert copy in shown
    assert "It is asked in these languages: English, Português." in text(consultant.get(places[0]))
    consultant.post(copy)
    made = Survey.objects.get(frozen_at=None)
    assert list(made.texts) == ["pt"]
    assert "Add a language" in text(consultant.get(world.url(f"surveys/{made.pk}/languages/")))
    for place in places:
        shown = text(log_in(world.manager).get(place))
        assert "so its texts no longer change" in shown
        assert copy not in shown


def test_what_the_page_cannot_fill_in_is_refused_and_kept(post, portuguese):
    response = post("languages/pt/save/", title="Como foi em {marca}?", yes="Sim")
    assert response.status_code == 422
    assert "{marca} means nothing here." in text(response)
    assert "Como foi em {marca}?" in text(response)
    portuguese.refresh_from_db()
    assert portuguese.texts["pt"] == {"name": "Português"}


@pytest.mark.parametrize(
    ("own", "shipped", "said"),
    [
        ("{n} de {total}", ["{n} of {total}"], ""),
        ("{n} de", ["{n} of {total}"], "{total} is missing: the page puts something in its place."),
        ("um minuto", ["about a minute"], ""),
        ("Como foi em {brand}?", ["en {marca}?", "at {brand}?"], ""),
        (
            "mau|bom",
            ["muy mal|mal|bien", "bad|so|good"],
            "3 words with | between them, from the worst to the best.",
        ),
        ("a\x00b", ["x"], "This text has a control character in it. Please type it again."),
        ("x" * 1501, ["x"], "At most 1500 characters."),
    ],
)
def test_placeholders(own, shipped, said):
    assert fault(own, shipped, in_catalogue=True) == said


def test_removing_a_language(post, portuguese):
    post("languages/pt/remove/")
    portuguese.refresh_from_db()
    assert portuguese.texts == {}
    assert post("languages/pt/remove/").status_code == 302


def test_an_unknown_language_is_not_found(world, consultant, survey):
    assert consultant.get(world.url(f"surveys/{survey.pk}/languages/xx/")).status_code == 404


# --- Mails -----------------------------------------------------------------------------------------

MAILS = {
    "mail_subject": "Como foi em {marca}?",
    "mail_body": "Esteve conosco há pouco.\n\n{preguntas}, {minutos}.",
    "mail_subject_1": "Ainda dá tempo, {nombre}",
    "mail_hello": "Olá, {name}",
    "mail_button": "Contar como foi",
    "mail_no_more": "Não quero mais pesquisas",
    "mail_score_hint": "Um número abre a pesquisa com essa resposta marcada.",
    "case_subject": "Sobre o que nos contou de {brand}",
    "case_mail_button": "Responder duas perguntas",
    "case_solved": "Ficou resolvido?",
}


@pytest.fixture
def mailed(post, portuguese):
    """Opened, with its mails in Portuguese as far as somebody wrote them."""
    assert post("languages/pt/save/", **MAILS).status_code == 302
    instrument.open_wave(Wave.objects.get(survey=portuguese))
    return Wave.objects.get(survey=portuguese)


def letter(wave, round=0, language="pt"):
    invitation = invite(wave, f"{language}{round}@correo.example", name="Inês", language=language)
    return letter_for(campaign_of(wave), invitation, round)


def test_every_word_of_the_mails_can_be_said_in_it(portuguese):
    groups = {group.name: {one.key for one in group.sentences} for group in table_of(portuguese, "pt").groups}
    assert {*MAIL_EN, "mail_no_more", "mail_button", "mail_hello", "mail_link"} <= groups["The mail"]
    assert {key_of(key) for key in CASE_EN} == groups["When a case is closed"]


def test_invitation_and_reminder_speak_it_to_the_last_line(mailed):
    invitation = letter(mailed)
    assert invitation.language == "pt"
    assert invitation.subject == f"Como foi em {mailed.survey.brand}?"
    assert invitation.hello == "Olá, Inês"
    assert invitation.paragraphs[0] == "Esteve conosco há pouco."
    for said in (invitation.html, invitation.text):
        assert "Não quero mais pesquisas" in said
        assert "No more surveys" not in said
    assert "Contar como foi" in invitation.html
    assert "Um número abre a pesquisa" in invitation.html
    assert letter(mailed, round=1).subject == "Ainda dá tempo, Inês"


def test_what_is_not_written_is_said_in_the_surveys_own_language_and_others_keep_theirs(mailed):
    reminder = letter(mailed, round=2)
    assert reminder.subject == f"You can still tell us how it went at {mailed.survey.brand}"
    assert "Não quero mais pesquisas" in reminder.text
    assert "No quiero" in letter(mailed, language="es").text


def test_the_mail_that_ends_a_case_speaks_it_too(mailed, world):
    invitation = invite(mailed, "ines@correo.example", name="Inês", language="pt")
    answer = Response.objects.create(wave=mailed, invitation=invitation, language="pt")
    case = open_case(world.cycle, response=answer, by=world.owner).case
    FollowUp.objects.create(case=case, nonce=b"n" * 16)
    told = letter_about(case)
    assert (told.language, told.subject) == ("pt", f"Sobre o que nos contou de {mailed.survey.brand}")
    assert "Responder duas perguntas" in told.html
    assert "Would you tell us whether it was solved?" in told.text, "not written: in the survey's own"
    assert words_for(case, mailed.survey)["case_solved"] == "Ficou resolvido?"
