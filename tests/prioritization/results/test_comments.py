"""Comments of the results: searched, tagged, kept from who may not."""

from surveys.models import Response, Wave
from tests.prioritization.answers import answer
from tests.prioritization.results.reading import page, text_of

OPEN = '<details class="menu rs-more" open>'


def comments(wave: Wave, *texts: str, **segments: str) -> list[Response]:
    made = answer(wave, [(5, 1)] * 3, times=max(len(texts), 8), **segments)
    for one, text in zip(made, texts, strict=False):
        one.comment = text
        one.save()
    return made


def test_comments_are_searched_without_accents(world, consultant, wave):
    comments(wave, "Muy buena atención", "Too slow <b>", "nothing to say")
    told = text_of(page(consultant, world))
    assert "3 comments" in told
    assert "Too slow <b>" in told
    found = page(consultant, world, "?q=ATENCION+buena")
    assert "1 comment found." in text_of(found)
    assert "Too slow" not in text_of(found)


def test_tags_sort_the_comments(world, consultant, wave):
    first, second, *_rest = comments(wave, "Slow till", "Slow lift", "Fine")
    for one, tag in ((first, "till"), (second, "lift"), (first, "slow"), (second, "slow"), (second, "SLOW")):
        response = consultant.post(world.url(f"answers/{one.pk}/tag/"), {"tag": tag, "back": "q=slow"})
        assert response.status_code == 302
        assert "q=slow" in response["Location"]
    first.refresh_from_db()
    assert first.tags == ["slow", "till"]
    told = text_of(page(consultant, world))
    assert "slow (2)" in told
    assert "till (1)" in told
    found = text_of(page(consultant, world, "?tag=lift"))
    assert "1 comment found." in found
    assert "Slow till" not in found
    consultant.post(world.url(f"answers/{first.pk}/untag/"), {"tag": "till"})
    consultant.post(world.url(f"answers/{first.pk}/untag/"), {"tag": "till"})
    first.refresh_from_db()
    assert first.tags == ["slow"]


def test_a_tag_that_makes_no_sense_is_refused_and_kept_in_its_field(world, consultant, wave):
    first, *_rest = comments(wave, "Slow till")
    url = world.url(f"answers/{first.pk}/tag/")
    for typed, sentence in (("  ", "Write a word"), ("x" * 41, "At most 40 characters")):
        plain = consultant.post(url, {"tag": typed})
        partly = consultant.post(url, {"tag": typed}, headers={"hx-request": "true"})
        assert plain.status_code == partly.status_code == 422
        assert sentence in text_of(plain)
        assert sentence in text_of(partly)
        assert "<html" not in partly.content.decode()
        # The field stands in a list that opens: of all comments it is open at the one in question.
        assert plain.content.decode().count(OPEN) == partly.content.decode().count(OPEN) == 1
    assert "x" * 41 in partly.content.decode()
    changed = consultant.post(url, {"tag": "till"}, headers={"hx-request": "true"})
    assert changed.status_code == 200
    assert f'id="comment-{first.pk}"' in changed.content.decode()
    assert OPEN in changed.content.decode(), "another tag may follow"
    less = consultant.post(
        world.url(f"answers/{first.pk}/untag/"), {"tag": "till"}, headers={"hx-request": "true"}
    )
    assert OPEN not in less.content.decode()
    assert OPEN not in page(consultant, world).content.decode()


def test_comments_of_few_are_not_there_to_be_tagged_either(world, consultant, wave):
    one, *_rest = answer(wave, [(5, 1)] * 3, times=3)
    Response.objects.filter(pk=one.pk).update(comment="It was I")
    assert consultant.post(world.url(f"answers/{one.pk}/tag/"), {"tag": "x"}).status_code == 404
    assert "It was I" not in text_of(page(consultant, world))


def test_a_manager_reads_and_does_not_tag(world, manager, wave):
    first, *_rest = comments(wave, "Slow till")
    response = page(manager, world)
    assert "Slow till" in text_of(response)
    assert "New tag" not in text_of(response)
    assert "Download the answers" not in text_of(response)
    assert manager.post(world.url(f"answers/{first.pk}/tag/"), {"tag": "x"}).status_code == 403
    for name in ("csv", "xlsx"):
        assert manager.get(world.url(f"waves/{wave.pk}/answers.{name}")).status_code == 403
