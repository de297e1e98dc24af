"""Cases at work: opened by hand, assigned, their causes, proposals, figures, list."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from cycles.models import Action, ActionPlan, Moment
from surveys.cases import closing, looking
from surveys.cases.origin import from_moment
from surveys.cases.pareto import PHONE, WIDE, Bar, draw
from surveys.cases.proposals import proposals_of
from surveys.cases.silent import silent_of
from surveys.cases.summary import summary_of
from surveys.models import Assignment, Case, Origin, Response, Told
from tests.conftest import log_in
from tests.surveys.asking import invite, open_survey
from tests.surveys.cases.low_scores import answered, case_of, ruled


def test_by_hand_and_from_an_answer(world):
    manager = log_in(world.manager)
    url = world.url(f"cycles/{world.cycle.pk}/cases/new/")
    fields = {"title": "Torn seam", "kind": "complaint", "email": "ana@example.org", "customer": "Ana"}
    assert manager.post(url, fields).status_code == 302
    case = Case.objects.get()
    assert (case.contact.name, case.opened_by, case.origin) == ("Ana", world.manager, Origin.HAND)
    wrong = manager.post(url, {"title": "", "kind": "complaint", "email": "no address"})
    assert wrong.status_code == 422
    assert "no address" in wrong.content.decode()
    wave = ruled(world)
    response = answered(wave, 1).response
    fields = {"title": "From the comment", "kind": "question", "response": response.pk}
    first, second = manager.post(url, fields), manager.post(url, fields)
    assert first["Location"] == second["Location"]
    looking.look()
    assert Case.objects.filter(response=response).count() == 1
    assert manager.get(f"{url}?response=999999").status_code == 404


def test_assigned_and_told(world):
    case = case_of(world)
    manager, url = log_in(world.manager), world.url(f"cases/{case.pk}/owner/")
    assert manager.post(url, {"owner": world.viewer.pk, "version": "1"}).status_code == 422
    assert manager.post(url, {"owner": world.consultant.pk, "version": "1"}).status_code == 302
    assert manager.post(url, {"owner": world.owner.pk, "version": "1"}).status_code == 409
    assert [row.person for row in Assignment.objects.all()] == [world.consultant]
    world.consultant.memberships.all().delete()
    page = manager.get(world.url(f"cases/{case.pk}/")).content.decode()
    assert "consultant alba no longer works here" in page


def test_causes_and_their_pareto(world):
    moments = list(Moment.objects.order_by("pk"))
    names = ["Obsolete tools, constant failures", "Wrong or missing information", "Own one"]
    for n, chosen in enumerate([(0, 1), (0,), (0, 2), ()]):
        case = case_of(world, moment=moments[n % 2])
        for place in chosen:
            page = log_in(world.manager).get(world.url(f"cases/{case.pk}/"))
            form = page.context["causes_form"]
            held = [cause.pk for cause in case.causes.all()]
            url = world.url(f"cases/{case.pk}/causes/")
            told = {"causes": held, "new": names[place]}
            assert log_in(world.manager).post(url, told).status_code == 302, form.errors
    page = log_in(world.viewer).get(world.url(f"cycles/{world.cycle.pk}/cases/causes/"))
    pareto = page.context["pareto"]
    assert [(bar.name, bar.n) for bar in pareto.bars] == [(names[0], 3), (names[2], 1), (names[1], 1)]
    assert [round(bar.together, 2) for bar in pareto.bars] == [0.6, 0.8, 1.0]
    assert (pareto.n_cases, pareto.n_untagged) == (4, 1)
    assert_drawn_alike(page.context["drawn"], page.context["drawn_for_phone"])
    some = log_in(world.viewer).get(
        world.url(f"cycles/{world.cycle.pk}/cases/causes/?moment={moments[1].pk}&days=30")
    )
    assert [bar.n for bar in some.context["pareto"].bars] == [1]


def assert_drawn_alike(wide, phone) -> None:
    """In their own units both say the same shares, and on a phone nothing stands beside a bar."""
    for drawn in (wide, phone):
        width = float(drawn.view_box.split()[2])
        zero, full = (float(drawn.ticks[n]["x"]) for n in (0, -1))
        assert 0 < zero < full < width
        shares = [float(row["width"]) / (full - zero) for row in drawn.bars]
        assert shares == pytest.approx([0.6, 0.2, 0.2], abs=0.01)
        assert [(float(dot["x"]) - zero) / (full - zero) for dot in drawn.dots] == pytest.approx(
            [0.6, 0.8, 1.0], abs=0.01
        )
    assert all(float(row["words"][-1]["y"]) < float(row["y"]) for row in phone.bars)
    assert all(float(row["words"][0]["y"]) > float(row["y"]) for row in wide.bars)
    assert float(phone.view_box.split()[2]) < 360


def test_a_long_cause_takes_two_lines_and_stays_in_the_drawing():
    long = "Nobody at the counter said that the alteration would take longer than promised"
    bars = [Bar(name, 1, 0.5, share) for name, share in ((long, 0.5), ("Short", 1.0))]
    for layout in (WIDE, PHONE):
        drawn = draw(bars, "Causes", layout)
        said, other = (row["words"] for row in drawn.bars)
        assert " ".join(line["text"] for line in said) == long
        assert [line["text"] for line in other] == ["Short"]
        edges = [float(line["y"]) for row in drawn.bars for line in row["words"]]
        assert edges == sorted(edges)
        assert edges[0] > layout.top
        assert float(drawn.bars[-1]["y"]) + layout.bar < float(drawn.view_box.split()[3])


def test_without_causes_the_page_leads_on(world, consultant):
    url = world.url(f"cycles/{world.cycle.pk}/cases/causes/")
    assert "No cases yet" in consultant.get(url).content.decode()
    case_of(world, kind="question")
    assert "No causes yet" in consultant.get(url).content.decode()
    narrowed = consultant.get(f"{url}?kind=complaint").content.decode()
    assert "Show all cases" in narrowed
    assert "No cases yet" not in narrowed


def test_cards_and_list_stand_by_the_hour_they_show(world):
    now = timezone.now()
    hours = {
        "late contact": (-2, 90),
        "late": (None, -1),
        "soon": (4, 80),
        "later": (None, 20),
        "done": (1, 2),
    }
    for title, (contact, solve) in reversed(hours.items()):
        case = case_of(world, title=title)
        due = now + timedelta(hours=contact) if contact else None
        done = now if title == "done" else None
        Case.objects.filter(pk=case.pk).update(
            contact_due_at=due,
            solve_due_at=now + timedelta(hours=solve),
            contacted_at=done,
            solved_at=done,
        )
    manager = log_in(world.manager)
    board = manager.get(world.url(f"cycles/{world.cycle.pk}/cases/")).context["columns"][0].lines
    assert [line.title for line in board] == list(hours)
    found = manager.get(world.url(f"cycles/{world.cycle.pk}/cases/list/?sort=due")).context["found"]
    assert [line.title for line in found.lines] == list(hours)


def test_first_somebody_is_responsible_then_the_case_is_closed(world):
    case = case_of(world)
    manager, url = log_in(world.manager), world.url(f"cases/{case.pk}/")

    def primary(page):
        return re.findall(r'btn--primary"[^>]*>([^<]*)<', page)

    assert primary(manager.get(url).content.decode()) == ["Close the case", "Assign"]
    manager.post(f"{url}owner/", {"owner": world.manager.pk, "version": "1"})
    assert primary(manager.get(url).content.decode()) == ["Close and tell the customer", "Close the case"]


def test_several_cases_at_one_moment_propose_an_action_and_are_linked_to_it(world, consultant):
    moment = Moment.objects.get(name="Queue at the till")
    member = world.consultant.memberships.get()
    now = timezone.now()
    case_of(world, moment=moment, at=now - timedelta(days=31))
    cases = [case_of(world, moment=moment) for _ in range(2)]
    assert proposals_of(world.cycle, member, now) == []
    cases.append(case_of(world, moment=moment))
    (proposal,) = proposals_of(world.cycle, member, now)
    assert (proposal.moment, proposal.n) == (moment, 3)
    board = consultant.get(world.url(f"cycles/{world.cycle.pk}/cases/")).content.decode()
    assert "3 open cases at “Queue at the till” within 30 days" in board
    panel = consultant.get(world.url(f"moments/{moment.pk}/cases/")).content.decode()
    assert proposal.url.replace("&", "&amp;") in panel
    plan = ActionPlan.objects.create(cycle=world.cycle, name="Plan")
    origin = from_moment(world.cycle, member, moment.pk)
    origin.made(Action.objects.create(plan=plan, number=1, name="Second till"))
    assert proposals_of(world.cycle, member, now) == []
    assert "A1 was made from it" in consultant.get(world.url(f"cases/{cases[0].pk}/")).content.decode()
    # A manager is told, and plans no action.
    assert proposals_of(world.cycle, world.manager.memberships.get(), now) == []


def test_the_summary_adds_up(world):
    for kind in ("question", "complaint", "complaint"):
        case = case_of(world, kind=kind, at=timezone.now() - timedelta(hours=100))
    closing.close(case, world.manager, 1, channel=Told.PHONE, on=timezone.localdate())
    found = summary_of(world.cycle, timezone.localdate())
    assert (found.total, found.open, found.overdue) == (3, 2, 2)
    assert found.by_kind == {"question": 1, "complaint": 2, "request": 0, "low_score": 0}
    assert sum(found.by_status.values()) == 3
    assert found.median_hours_to_close == pytest.approx(100, abs=1)


def test_the_silent_dissatisfied_are_a_count_and_a_share(world):
    wave = open_survey(world.cycle)
    for n in range(4):
        answered(wave, 1 + 4 * (n % 2), email=f"c{n}@example.org")
    assert silent_of(world.cycle).low is None  # four are too few
    answered(wave, 2, email="five@example.org")
    found = silent_of(world.cycle)
    assert (found.low, found.silent, found.share) == (3, 3, 1.0)
    case_of(world, response=Response.objects.first())
    assert silent_of(world.cycle).silent == 2


def test_notes_and_contacts_sent_twice_are_one(world):
    case = case_of(world, contact=invite(open_survey(world.cycle)).contact)
    manager = log_in(world.manager)
    for _ in range(2):
        manager.post(world.url(f"cases/{case.pk}/note/"), {"text": "Called back", "key": "abc"})
        manager.post(world.url(f"cases/{case.pk}/contact/"), {"channel": "phone", "said": "", "key": "def"})
    assert [step.what for step in case.steps.all()] == ["opened", "note", "contact"]
    case.refresh_from_db()
    assert case.contacted_at is not None
    assert manager.post(world.url(f"cases/{case.pk}/note/"), {"text": ""}).status_code == 422


def test_the_list_filters_sorts_and_pages(world):
    moments = list(Moment.objects.order_by("pk"))
    for n in range(52):
        case_of(world, kind="question" if n % 2 else "complaint", moment=moments[n % 3], title=f"Number {n}")
    late = Case.objects.order_by("pk").first()
    Case.objects.filter(pk=late.pk).update(
        solve_due_at=timezone.now() - timedelta(hours=1), owner=world.manager
    )
    viewer, url = log_in(world.viewer), world.url(f"cycles/{world.cycle.pk}/cases/list/")

    def total(query):
        return viewer.get(f"{url}?{query}").context["found"].total

    assert total("") == 52
    assert total("kind=question") == 26
    assert total("status=late") == total(f"owner={world.manager.pk}") == 1
    assert total("owner=none") == 51
    assert total(f"moment={moments[0].pk}") == 18
    assert total("q=c-7") == 1
    assert total("q=%00&kind=x&moment=%C2%B2&owner=-1&sort=z&status=%27&page=99") == 52
    assert len(viewer.get(f"{url}?page=2").context["found"].lines) == 2
    for sort in ("due", "opened", "moment", "owner", "status"):
        assert viewer.get(f"{url}?sort={sort}").status_code == 200


def test_a_comment_of_the_results_leads_to_its_case(world):
    wave = ruled(world, threshold=5)
    for n in range(5):
        answered(wave, 4, email=f"c{n}@example.org")
    Response.objects.update(comment="The seam was torn.")
    response = Response.objects.first()
    link = world.url(f"answers/{response.pk}/case/")
    results = world.url(f"cycles/{world.cycle.pk}/results/")
    assert link in log_in(world.manager).get(results).content.decode()
    assert link not in log_in(world.viewer).get(results).content.decode()
    form = log_in(world.manager).get(link, follow=True).content.decode()
    assert "The seam was torn." in form
    assert "From an answer of a survey" in form
    assert log_in(world.viewer).get(link).status_code == 403


def test_a_board_without_cases_says_how_they_come(world, consultant):
    Case.objects.all().delete()
    board = world.url(f"cycles/{world.cycle.pk}/cases/")
    page = consultant.get(board).content.decode()
    assert "No cases yet" in page
    assert "Drag a card" not in page
    assert world.url(f"cycles/{world.cycle.pk}/cases/settings/") in page
    viewer = log_in(world.viewer).get(board).content.decode()
    assert "No cases yet" in viewer
