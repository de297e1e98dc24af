"""What the simulated customers think, moment by moment: the means that the two waves come out at."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """Means on the scale 1 to 5 in the two waves, and the share of customers who live the moment."""

    importance: tuple[float, float]
    satisfaction: tuple[float, float]
    reach: float


# By the moment's number on the wheel.
FIGURES = {
    1: Figure((3.40, 3.42), (4.15, 4.22), 0.62),
    2: Figure((4.47, 4.42), (3.30, 3.22), 0.80),
    3: Figure((3.82, 3.98), (3.42, 4.12), 0.46),
    4: Figure((3.50, 3.52), (3.08, 2.98), 0.58),
    5: Figure((3.06, 3.08), (4.38, 4.44), 0.80),
    6: Figure((3.70, 3.72), (3.90, 3.98), 0.93),
    7: Figure((4.18, 4.20), (3.62, 3.70), 0.97),
    8: Figure((4.46, 4.48), (3.86, 4.06), 0.66),
    9: Figure((4.66, 4.72), (2.92, 3.42), 0.88),
    10: Figure((4.04, 4.06), (4.40, 4.52), 0.55),
    11: Figure((4.56, 4.58), (3.04, 2.80), 0.90),
    12: Figure((4.38, 4.40), (4.12, 4.38), 0.99),
    13: Figure((3.08, 3.10), (4.60, 4.62), 0.95),
    14: Figure((4.36, 4.22), (3.72, 4.04), 0.34),
    15: Figure((4.70, 4.82), (3.22, 3.06), 0.19),
    16: Figure((2.82, 2.92), (3.40, 3.46), 0.42),
    17: Figure((3.58, 3.60), (4.10, 4.14), 0.47),
}

SHOP, FIRST_VISIT, AGE = "Tienda", "Primera visita", "Edad"
# Each segment's values with the share of customers who have it.
SEGMENTS = {
    SHOP: {"Plaza Mirador": 0.52, "Gran Vía": 0.30, "Bahía Norte": 0.18},
    FIRST_VISIT: {"Sí": 0.27, "No": 0.73},
    AGE: {"18–29": 0.26, "30–44": 0.38, "45–59": 0.25, "60+": 0.11},
}

# How the customers of a segment differ: (segment, value) -> moment -> (importance, satisfaction).
# The means above hold for all of them together.
DIFFERENCES: dict[tuple[str, str], dict[int, tuple[float, float]]] = {
    (SHOP, "Gran Vía"): {4: (0.0, -0.5), 9: (0.0, -0.2), 11: (0.1, -0.4), 14: (0.0, 0.2)},
    (SHOP, "Bahía Norte"): {4: (-0.2, 0.7), 9: (0.0, 0.3), 11: (0.0, 0.4), 10: (0.0, -0.2)},
    (FIRST_VISIT, "Sí"): {6: (0.3, -0.2), 7: (0.1, -0.4), 12: (0.0, -0.1), 15: (0.0, -0.3)},
    (AGE, "18–29"): {1: (0.5, 0.1), 3: (0.4, 0.1), 12: (0.0, 0.1), 16: (-0.2, -0.1)},
    (AGE, "60+"): {1: (-0.6, -0.2), 2: (-0.4, -0.4), 6: (0.4, 0.2), 10: (0.3, 0.2), 4: (0.3, 0.0)},
}
