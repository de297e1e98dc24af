"""A survey that asks a question of each kind."""

from surveys.models import Question, QuestionKind, Survey, Wave
from tests.surveys.asking import open_survey


def questions(survey: Survey) -> dict[str, Question]:
    """One of each kind; what is bad asks why, and why asks more."""

    def add(name: str, kind: str, **fields: object) -> Question:
        position = survey.questions.count()
        wording = {"en": f"About {name}", "es": f"Sobre {name}"}
        return Question.objects.create(survey=survey, position=position, kind=kind, wording=wording, **fields)

    def options(*names: str) -> list[dict[str, str]]:
        return [{"en": name, "es": f"{name} (es)"} for name in names]

    verdict = add("verdict", QuestionKind.SINGLE, options=options("Good", "Bad", "Ugly"), is_required=True)
    why = add(
        "why", QuestionKind.MULTIPLE, options=options("Price", "People", "Place"), is_required=True,
        shown_if=verdict, shown_if_options=[1, 2],
    )  # fmt: skip
    deeper = add("people", QuestionKind.SHORT_TEXT, shown_if=why, shown_if_options=[1], is_required=True)
    visits = add("visits", QuestionKind.NUMBER)
    story = add("story", QuestionKind.LONG_TEXT)
    return {"verdict": verdict, "why": why, "people": deeper, "visits": visits, "story": story}


def opened(world, **fields) -> Wave:
    return open_survey(world.cycle, **fields)
