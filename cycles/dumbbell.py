"""Importance and satisfaction on one line: where its marks stand. Geometry only."""

from dataclasses import dataclass

from cyclemap.svg import num

WIDTH, MARGIN = 330.0, 12.0


@dataclass(frozen=True)
class Tick:
    x: str
    text: str


@dataclass(frozen=True)
class Dumbbell:
    ticks: tuple[Tick, ...]
    importance: str
    satisfaction: str
    bar: str
    # The two figures stand apart even where the marks touch.
    importance_text: str
    satisfaction_text: str
    width: str = num(WIDTH)


def draw_dumbbell(importance: float, satisfaction: float, scale: tuple[int, int]) -> Dumbbell:
    low, high = scale

    def x(value: float) -> float:
        return MARGIN + (value - low) / (high - low) * (WIDTH - 2 * MARGIN)

    i, s = x(importance), x(satisfaction)
    apart = max(0.0, 26 - abs(i - s)) / 2 * (1 if i >= s else -1)
    i_text, s_text = i + apart, s - apart
    over = max(0.0, max(i_text, s_text) - (WIDTH - MARGIN)) + min(0.0, min(i_text, s_text) - MARGIN)
    return Dumbbell(
        ticks=tuple(Tick(num(x(value)), str(value)) for value in range(low, high + 1)),
        importance=num(i),
        satisfaction=num(s),
        bar=f"M{num(min(i, s))} 31H{num(max(i, s))}",
        importance_text=num(i_text - over),
        satisfaction_text=num(s_text - over),
    )
