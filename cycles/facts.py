"""What is known about a moment, attribute by attribute, as its card shows it."""

from dataclasses import dataclass

from cycles.bench_forms import AttributeForm
from cycles.forms import EMOTIONS, MomentForm
from cycles.models import Moment

CHIPS = ("channels", "kind", "mode")
LINES = ("detractors",)  # a list, one on each line
# Shown elsewhere too: on the wheel, in the emotion curve.
WIDE = ("emotion",)


@dataclass(frozen=True)
class Fact:
    name: str
    label: str
    values: list[str]  # chips, lines of a list, or one text
    shape: str  # "chip", "list", "text"
    form: AttributeForm | None = None

    @property
    def wide(self) -> bool:
        """Whether more than its own place changes with it."""
        return self.name in WIDE


def facts_of(moment: Moment, form: AttributeForm | None = None) -> dict[str, Fact]:
    """By name; `form`: of the attribute that is being edited."""
    labels = MomentForm(instance=moment, language=moment.stage.cycle.language).fields
    return {
        name: Fact(
            name,
            str(labels[name].label),
            values_of(moment, name),
            "chip" if name in CHIPS else "list" if name in LINES else "text",
            form if form and form.attribute == name else None,
        )
        for name in AttributeForm.names
        if name != "is_critical"
    }


def values_of(moment: Moment, name: str) -> list[str]:
    if name == "channels":
        return moment.channel_labels
    if name in ("kind", "mode"):
        label = moment.get_kind_display() if name == "kind" else moment.get_mode_display()
        return [str(label)] if label else []
    if name == "emotion":
        return [] if moment.emotion is None else [str(dict(EMOTIONS)[str(moment.emotion)])]
    text = moment.text(name)
    if name in LINES:
        return [line.strip() for line in text.splitlines() if line.strip()]
    return [text] if text else []
