"""The way in: every page of allauth in our clothes, open and shut where it should be."""

import re
from pathlib import Path
from typing import Any

import allauth
import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.core import mail
from django.template.base import Lexer, TokenType
from django.template.loader import get_template
from django.test import Client as Browser

from accounts.models import User
from tests.accounts.letters import found
from tests.conftest import log_in

pytestmark = pytest.mark.once  # the looks of another's pages

PASSWORD = "a long password"


def log_in_by_form(browser: Browser, email: str, password: str = PASSWORD, **fields: str):
    return browser.post("/accounts/login/", {"login": email, "password": password, **fields})


def link_in(letter) -> str:
    return found(r"http://testserver(/\S+)", letter.body)


@pytest.mark.parametrize(
    "path",
    [
        "login/",
        "login/code/",
        "signup/",
        "password/reset/",
        "password/reset/done/",
        "password/reset/key/1-wrong/",
        "password/reset/key/done/",
        "confirm-email/",
        "confirm-email/wrong/",
        "inactive/",
    ],
)
def test_each_page_of_the_way_in_is_ours(world, customer, path):
    response = customer.get(f"/accounts/{path}")
    assert response.status_code == 200
    page = response.content.decode()
    assert 'class="login"' in page
    assert page.count("<h1") == 1
    assert "css/accounts.css" in page


@pytest.mark.parametrize(
    "path", ["email/", "password/change/", "logout/", "2fa/", "2fa/webauthn/", "reauthenticate/"]
)
def test_each_page_of_ones_account_is_ours(world, consultant, path):
    response = consultant.get(f"/accounts/{path}")
    assert response.status_code == 200
    page = response.content.decode()
    assert page.count("<h1") == 1
    assert "css/accounts.css" in page


def test_in_and_out(world, customer):
    assert log_in_by_form(customer, world.owner.email.upper())["Location"] == "/"
    assert customer.get(world.url()).status_code == 200
    assert customer.get("/accounts/logout/").status_code == 200
    assert customer.get(world.url()).status_code == 200, "a look at the page logs nobody out"
    customer.post("/accounts/logout/")
    assert customer.get(world.url()).status_code == 302


def test_a_wrong_password_is_422_and_keeps_the_address(world, customer):
    response = log_in_by_form(customer, world.owner.email, "wrong")
    assert response.status_code == 422
    page = response.content.decode()
    assert 'role="alert"' in page
    assert world.owner.email in page
    assert "wrong" not in page


def test_after_log_in_one_is_where_one_wanted_to_go_and_never_elsewhere(world, customer):
    assert log_in_by_form(customer, world.owner.email, next=world.url("members/"))["Location"] == world.url(
        "members/"
    )
    other = Browser()
    assert log_in_by_form(other, world.owner.email, next="https://evil.example/")["Location"] == "/"


def test_a_code_by_mail_replaces_the_password(world, customer):
    response = customer.post("/accounts/login/code/", {"email": world.owner.email}, follow=True)
    assert "Type the code" in response.content.decode()
    [letter] = mail.outbox
    code = found(r"^\s*([A-Z0-9-]{6,})\s*$", letter.body, re.MULTILINE)
    wrong = customer.post("/accounts/login/code/confirm/", {"code": "AAAA-AAAA"})
    assert wrong.status_code == 422
    assert customer.post("/accounts/login/code/confirm/", {"code": code})["Location"] == "/"
    assert customer.get(world.url()).status_code == 200


def test_a_forgotten_password_is_chosen_anew_and_older_sessions_end(world, customer):
    elsewhere = log_in(world.owner)
    customer.post("/accounts/password/reset/", {"email": world.owner.email})
    form = customer.get(link_in(mail.outbox[0]), follow=True)
    target = form.request["PATH_INFO"]
    short = customer.post(target, {"password1": "short", "password2": "short"})
    assert short.status_code == 422
    done = customer.post(
        target, {"password1": "another long one", "password2": "another long one"}, follow=True
    )
    assert "Your password was changed" in done.content.decode()
    assert log_in_by_form(customer, world.owner.email, "another long one").status_code == 302
    assert elsewhere.get(world.url()).status_code == 302
    again = Browser(headers={"accept-language": "en"}).get(link_in(mail.outbox[0]), follow=True)
    assert "no longer works" in again.content.decode()


def test_strangers_open_no_account_but_the_first_person_does(db, customer):
    typed = {"name": "Ruth Adeyemi", "email": "ruth@new.example", "password1": "correct horse battery"}
    assert "Create one" in customer.get("/accounts/login/").content.decode()
    assert customer.post("/accounts/signup/", typed).status_code == 302
    ruth = User.objects.get()
    assert (ruth.name, ruth.language) == ("Ruth Adeyemi", "en")
    second = Browser(headers={"accept-language": "en"})
    response = second.post("/accounts/signup/", {**typed, "email": "second@new.example"})
    assert "by invitation" in response.content.decode()
    assert "Create one" not in second.get("/accounts/login/").content.decode()
    assert User.objects.count() == 1


def test_the_operator_may_open_the_door(world, customer, settings):
    settings.SIGNUP_OPEN = True
    typed = {"name": "Ruth", "email": "ruth@new.example", "password1": "correct horse battery"}
    faulty = customer.post("/accounts/signup/", {**typed, "password1": "short"})
    assert faulty.status_code == 422
    assert "ruth@new.example" in faulty.content.decode()
    customer.post("/accounts/signup/", typed)
    assert User.objects.filter(email="ruth@new.example").exists()


def test_a_new_address_counts_once_it_is_confirmed(world):
    EmailAddress.objects.create(user=world.owner, email=world.owner.email, primary=True, verified=True)
    browser = Browser(headers={"accept-language": "en"})
    log_in_by_form(browser, world.owner.email)
    typed = {"email": "new@alba.example", "action_add": ""}
    response: Any = browser.post("/accounts/email/", typed)
    assert "/reauthenticate/" in response["Location"], "first the password, again"
    browser.post(response["Location"], {"password": PASSWORD})
    [letter] = mail.outbox
    world.owner.refresh_from_db()
    assert world.owner.email == "owner@alba.example"
    path = link_in(letter)
    assert "new@alba.example" in browser.get(path).content.decode()
    world.owner.refresh_from_db()
    assert world.owner.email == "owner@alba.example", "a look confirms nothing"
    browser.post(path)
    world.owner.refresh_from_db()
    assert world.owner.email == "new@alba.example"


def test_with_an_authenticator_the_password_is_not_enough(world, customer):
    EmailAddress.objects.create(user=world.owner, email=world.owner.email, primary=True, verified=True)
    secret = generate_totp_secret()
    TOTP.activate(world.owner, secret)
    assert log_in_by_form(customer, world.owner.email)["Location"].startswith("/accounts/2fa/authenticate/")
    assert customer.get(world.url()).status_code == 302
    assert customer.post("/accounts/2fa/authenticate/", {"code": "000000"}).status_code == 422
    code = f"{hotp_value(secret, next(yield_hotp_counters_from_time())):06}"
    customer.post("/accounts/2fa/authenticate/", {"code": code})
    assert customer.get(world.url()).status_code == 200


@pytest.fixture
def mail_is_away(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1


@pytest.mark.parametrize("path", ["/accounts/password/reset/", "/accounts/login/code/"])
def test_without_a_mail_server_nobody_waits_for_a_letter_in_vain(world, customer, mail_is_away, path):
    response = customer.post(path, {"email": world.owner.email})
    assert response.status_code == 503
    assert "The mail could not be sent" in response.content.decode()


def test_without_a_mail_server_the_first_person_still_gets_in(db, customer, mail_is_away):
    typed = {"name": "Ruth", "email": "ruth@new.example", "password1": "correct horse battery"}
    page = customer.post("/accounts/signup/", typed, follow=True).content.decode()
    assert "Hello, Ruth" in page
    assert "could not be sent" in page
    assert "We sent a link" not in page


@pytest.mark.usefixtures("one_minute")
def test_too_many_mails_are_stopped_in_words(world, customer):
    answers = [customer.post("/accounts/password/reset/", {"email": world.owner.email}) for _ in range(7)]
    assert answers[-1].status_code == 429
    assert "Too many attempts" in answers[-1].content.decode()
    assert len(mail.outbox) < 7


def bare_words(template: str) -> list[str]:
    """What stands in a template as it is, and so in one language only."""
    kept, translated = [], False
    for token in Lexer(template).tokenize():
        if token.token_type == TokenType.BLOCK:
            tag = token.contents.split()[0]
            translated = tag in ("blocktranslate", "blocktrans", "setvar") or (
                translated and not tag.startswith("end")
            )
        elif token.token_type == TokenType.TEXT and not translated:
            kept.append(token.contents)
    shown = re.sub(r"(?s)<script.*?</script>|<[^>]*>", " ", "".join(kept))
    return re.findall(r"[A-Za-z]{2,}", shown)


def test_words_in_one_language_are_found():
    assert bare_words(
        '<p id="one">{% trans "Key" %} {% blocktrans %}of{% plural %}all{% endblocktrans %} bare</p>'
    )
    assert not bare_words(
        "<p>{% blocktrans %}one{% plural %}all{% endblocktrans %}<script>var no;</script></p>"
    )


def test_no_page_of_allauth_that_we_show_speaks_one_language_only():
    folder = Path(allauth.__file__).parent / "templates"
    names = [
        str(path.relative_to(folder)) for app in ("account", "mfa") for path in (folder / app).rglob("*.html")
    ]
    assert len(names) > 40
    # Of these, addresses and telephones confirmed by a code, we show none.
    shown = [name for name in names if not name.startswith("account/confirm_")]
    bare = {name: bare_words(get_template(name).template.source) for name in shown}  # type: ignore[attr-defined]
    assert {name: words for name, words in bare.items() if words} == {}


def test_a_key_says_when_it_was_used(world, consultant):
    key = WebAuthn.add(world.consultant, "The one at home", {}).instance
    page = consultant.get("/accounts/2fa/webauthn/").content.decode()
    assert "The one at home" in page
    assert "Not used yet." in page
    key.record_usage()
    assert "Not used yet." not in consultant.get("/accounts/2fa/webauthn/").content.decode()


def test_codes_are_offered_while_there_are_some(world, consultant):
    assert "/accounts/2fa/recovery-codes/" not in consultant.get("/accounts/2fa/").content.decode()
    TOTP.activate(world.consultant, generate_totp_secret())
    assert "See them" not in consultant.get("/accounts/2fa/").content.decode()
    RecoveryCodes.activate(world.consultant)
    page = consultant.get("/accounts/2fa/").content.decode()
    assert "There are 10 out of 10 recovery codes available." in page
    assert "See them" in page


@pytest.mark.parametrize("path", ["totp/activate/", "webauthn/add/", "webauthn/"])
def test_each_step_of_two_step_log_in_leads_back(world, customer, path):
    EmailAddress.objects.create(user=world.owner, email=world.owner.email, primary=True, verified=True)
    log_in_by_form(customer, world.owner.email)
    customer.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = customer.get(f"/accounts/2fa/{path}").content.decode()
    assert '<a class="btn btn--quiet" href="/accounts/2fa/">' in page
