"""Invented names for the customers of the example."""

import json
import unicodedata
from pathlib import Path

import numpy as np

NAMES = json.loads((Path(__file__).parent / "names.json").read_text(encoding="utf-8"))


def draw_names(rng: np.random.Generator, language: str, n: int) -> list[str]:
    """Different people: no first name with the same last name twice."""
    first, last = NAMES[language]["first"], NAMES[language]["last"]
    pairs = rng.choice(len(first) * len(last), n, replace=False)
    return [f"{first[pair // len(last)]} {last[pair % len(last)]}" for pair in pairs]


def address(name: str, language: str) -> str:
    """carmen.rios@correo.example, for Carmen Ríos."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    host = "mail.example" if language == "en" else "correo.example"
    return f"{plain.lower().replace(' ', '.')}@{host}"
