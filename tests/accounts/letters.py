"""Reading what came by mail, and what a page says, as a person would."""

import re
from typing import Any


def found(pattern: str, text: Any, flags: int = 0) -> str:
    """The first group of the pattern, or all of it; a test fails where it is not there."""
    match = re.search(pattern, str(text), flags)
    assert match, f"{pattern} is not in: {text}"
    return match[1] if match.re.groups else match[0]


def key_in(text: Any) -> str:
    return found(r"/join/([^/\s\"]+)/", text)
