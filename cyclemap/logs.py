"""What every log line has, and what none may have."""

import re
from typing import Any

# Customers' links, unsubscribe links, password resets, member invitations, e-mail addresses.
SECRETS = re.compile(
    r"(/(?:s|u|v|f|r|d|join)/)[^/\s\"']+|(/accounts/password/reset/key/)[^/\s\"']+|(/accounts/confirm-email/)[^/\s\"']+"
)
ADDRESS = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")


def scrub(text: str) -> str:
    """Text without secret links and e-mail addresses."""
    text = SECRETS.sub(lambda m: (m[1] or m[2] or m[3]) + "***", text)
    return ADDRESS.sub("***@***", text)


def hide_secrets(_logger: object, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """structlog processor: scrub every text of the line, the traceback included."""
    return {key: scrub(value) if isinstance(value, str) else value for key, value in event.items()}
