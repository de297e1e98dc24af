"""Response rates by the Standard Definitions of AAPOR (S11)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Outcomes:
    """Of the people invited. Open links have none of this: they have participation, not a rate."""

    complete: int = 0
    partial: int = 0
    refused: int = 0
    not_contacted: int = 0
    other: int = 0
    unknown_household: int = 0
    unknown_other: int = 0
    ineligible: int = 0

    def __post_init__(self) -> None:
        if min(vars(self).values()) < 0:
            raise ValueError("counts are not negative")

    @property
    def eligible(self) -> int:
        """D = (I + P) + (R + NC + O)."""
        return self.complete + self.partial + self.refused + self.not_contacted + self.other

    @property
    def unknown(self) -> int:
        return self.unknown_household + self.unknown_other


@dataclass(frozen=True)
class ResponseRates:
    """Shares; None when the base is empty. `e`: estimated eligible share among the unknown."""

    e: float
    rr1: float | None
    rr2: float | None
    rr3: float | None
    rr4: float | None
    rr5: float | None
    rr6: float | None
    cooperation: float | None
    refusal: float | None
    contact: float | None


def response_rates(o: Outcomes, e: float | None = None) -> ResponseRates:
    """RR1 = I/(D+U), RR3 = I/(D+eU), RR5 = I/D; RR2, RR4, RR6 with I + P; COOP1 = I/(I+P+R+O),
    REF1 = R/(D+U), CON1 = (I+P+R+O)/(D+U). e = D/(D + ineligible) unless given.

    ValueError: e outside 0 to 1.
    """
    D, U, answered = o.eligible, o.unknown, o.complete + o.partial
    if e is None:
        e = D / (D + o.ineligible) if D + o.ineligible else 1.0
    if not 0 <= e <= 1:
        raise ValueError("e is a share")
    reached = answered + o.refused + o.other
    return ResponseRates(
        e,
        _share(o.complete, D + U),
        _share(answered, D + U),
        _share(o.complete, D + e * U),
        _share(answered, D + e * U),
        _share(o.complete, D),
        _share(answered, D),
        _share(o.complete, reached),
        _share(o.refused, D + U),
        _share(reached, D + U),
    )


def _share(above: float, below: float) -> float | None:
    return above / below if below > 0 else None
