"""What every log line has, and what none may have."""

import re
from typing import Any

import structlog

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


CHAIN = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso"),
]


def logging_of(level: str) -> dict[str, Any]:
    """One JSON object a line, with the request id; never tokens, answers or addresses."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.format_exc_info,
                    hide_secrets,
                    structlog.processors.JSONRenderer(),
                ],
                "foreign_pre_chain": CHAIN,
            },
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django.request": {"level": "ERROR"},
            "mail.log": {"level": "WARNING"},
            "fontTools": {"level": "WARNING"},
            "weasyprint": {"level": "ERROR"},
            "celery.app.trace": {"level": "WARNING"},
            "celery.beat": {"level": "WARNING"},
        },
    }
