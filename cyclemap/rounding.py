"""How every figure is rounded: half away from zero, as people do and as Django's `floatformat` does."""


def half_up(value: float, places: int = 1) -> float:
    """4.05 is 4.1, though as a float it lies a hair below; Python's `round` and `:.1f` would say 4.0."""
    unit = 10.0**places
    found: float = (abs(value) * unit + 0.5 + 1e-9) // 1 / unit
    return -found if value < 0 and found else found


def whole_percent(share: float) -> int:
    """A share of one in whole percent: 0.125 is 13."""
    return int(half_up(100 * share, 0))
