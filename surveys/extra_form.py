"""One extra question as a form: its words and options by language, and when it is shown."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cyclemap.forms import TidyForm
from cyclemap.text import clean_lines, clean_text
from surveys.extra import LISTS, earlier_lists
from surveys.languages import offered
from surveys.models import Question, Survey

FEWEST, MOST, LONGEST = 2, 20, 120


class ExtraForm(TidyForm, forms.ModelForm):
    """Options are lines. Those of the other languages stand in the same order, or are left out."""

    shown_if_answers = forms.MultipleChoiceField(
        label=gettext_lazy("Shown only to those who answered"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Answers to one earlier question. None: shown to everybody."),
    )

    class Meta:
        model = Question
        fields = ("kind", "is_required")

    def __init__(self, *args: Any, survey: Survey, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.survey = survey
        own = dict(offered(survey))
        self.codes = [survey.language, *(code for code in own if code != survey.language)]
        self.names = {code: own.get(code, code) for code in self.codes}
        for code in self.codes:
            self.add_language(code)
        place = self.instance.position if self.instance.pk else None
        earlier = earlier_lists(survey, place)
        answers = self.fields["shown_if_answers"]
        assert isinstance(answers, forms.MultipleChoiceField)
        answers.choices = [
            (
                str(question),
                [
                    (f"{question.pk}:{n}", option.get(survey.language) or next(iter(option.values()), ""))
                    for n, option in enumerate(question.options)
                ],
            )
            for question in earlier
        ]
        if not earlier:
            del self.fields["shown_if_answers"]
        elif self.instance.shown_if_id:
            chosen = [f"{self.instance.shown_if_id}:{n}" for n in self.instance.shown_if_options]
            self.initial["shown_if_answers"] = chosen

    def add_language(self, code: str) -> None:
        is_main = code == self.survey.language
        self.fields[f"wording_{code}"] = forms.CharField(
            label=_("Question"),
            max_length=300,
            required=is_main,
            initial=self.instance.wording.get(code, ""),
            widget=forms.TextInput(attrs={"class": "input", "lang": code}),
            error_messages={"required": _("Say what is asked.")},
            validators=[clean_text],
        )
        self.fields[f"options_{code}"] = forms.CharField(
            label=_("Options"),
            required=False,
            max_length=MOST * (LONGEST + 2),
            initial="\n".join(option.get(code, "") for option in self.instance.options).strip("\n"),
            help_text=_("One on each line, %(few)d to %(many)d.") % {"few": FEWEST, "many": MOST}
            if is_main
            else "",
            widget=forms.Textarea(attrs={"class": "input", "rows": 4, "lang": code}),
            validators=[clean_lines],
        )

    @property
    def languages(self) -> list[tuple[str, str, forms.BoundField, forms.BoundField]]:
        """Code, own name, wording and options; the main language first."""
        return [
            (code, self.names[code], self[f"wording_{code}"], self[f"options_{code}"]) for code in self.codes
        ]

    def clean_shown_if_answers(self) -> list[str]:
        answers: list[str] = self.cleaned_data["shown_if_answers"]
        if len({answer.partition(":")[0] for answer in answers}) > 1:
            raise ValidationError(_("Choose answers to one question only."))
        return answers

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("kind") in LISTS:
            self.clean_options(cleaned)
        return cleaned

    def clean_options(self, cleaned: dict[str, Any]) -> None:
        main = f"options_{self.survey.language}"
        expected = len(lines(cleaned.get(main, "")))
        for code in self.codes:
            name = f"options_{code}"
            options = lines(cleaned.get(name, ""))
            if name in self.errors:
                continue
            if name == main and not FEWEST <= expected <= MOST:
                said = _("A list has %(few)d to %(many)d options; this has %(n)d.")
                self.add_error(name, said % {"few": FEWEST, "many": MOST, "n": expected})
            elif options and len(options) != expected:
                said = _("As many lines as in the main language: %(expected)d, not %(n)d.")
                self.add_error(name, said % {"expected": expected, "n": len(options)})
            elif len({option.casefold() for option in options}) < len(options):
                self.add_error(name, _("The same option stands here twice."))
            elif any(len(option) > LONGEST for option in options):
                self.add_error(name, _("An option has at most %(n)d characters.") % {"n": LONGEST})

    def filled(self) -> Question:
        """The question as the form says, not saved."""
        question: Question = self.instance
        cleaned = self.cleaned_data
        question.survey = self.survey
        wording = {code: cleaned[f"wording_{code}"] for code in self.codes}
        # Words of a language that the survey no longer asks in are kept, should it come back.
        question.wording = {**question.wording, **wording}
        question.wording = {code: text for code, text in question.wording.items() if text}
        question.options = self.options() if question.kind in LISTS else []
        answers = [answer.partition(":") for answer in cleaned.get("shown_if_answers", [])]
        question.shown_if_id = int(answers[0][0]) if answers else None
        question.shown_if_options = sorted(int(place) for _key, _colon, place in answers)
        return question

    def options(self) -> list[dict[str, str]]:
        by_language = {code: lines(self.cleaned_data[f"options_{code}"]) for code in self.codes}
        n = len(by_language[self.survey.language])
        return [
            {code: options[place] for code, options in by_language.items() if options} for place in range(n)
        ]


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
