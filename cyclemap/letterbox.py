"""The letter box of trial mode: an SMTP server that keeps every mail as a file instead of sending it."""

import email
import email.policy
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import overload

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings

# A whole campaign of the trial: whoever tries it answers from here.
KEPT = 1000


def folder() -> Path:
    return Path(settings.DATA_DIR) / "mail"


class Keeper:
    """aiosmtpd handler: one .eml file a mail, the oldest removed beyond KEPT."""

    def __init__(self, into: Path) -> None:
        self.into = into
        into.mkdir(parents=True, exist_ok=True)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        name = f"{datetime.now():%Y%m%d-%H%M%S-%f}.eml"
        content = envelope.original_content or b""
        (self.into / name).write_bytes(content)
        for old in sorted(self.into.glob("*.eml"))[:-KEPT]:
            old.unlink(missing_ok=True)
        return f"250 kept as {name}"


def start(port: int) -> Controller:
    controller = Controller(Keeper(folder()), hostname="127.0.0.1", port=port)
    controller.start()
    return controller


@dataclass(frozen=True)
class Letter:
    name: str
    to: str
    subject: str
    at: datetime | None
    text: str


def letter(path: Path) -> Letter:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    body = message.get_body(("plain", "html"))
    at = parsedate_to_datetime(message["Date"]) if message["Date"] else None
    return Letter(
        path.stem, str(message["To"]), str(message["Subject"]), at, body.get_content() if body else ""
    )


class Letters(Sequence[Letter]):
    """The newest letters first; a letter is read when it is looked at."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self.paths = paths

    def __len__(self) -> int:
        return len(self.paths)

    @overload
    def __getitem__(self, key: int) -> Letter: ...

    @overload
    def __getitem__(self, key: slice) -> list[Letter]: ...

    def __getitem__(self, key: int | slice) -> Letter | list[Letter]:
        if isinstance(key, slice):
            return [letter(path) for path in self.paths[key]]
        return letter(self.paths[key])


def letters(to: str = "", about: str = "") -> Sequence[Letter]:
    """All of them, or those to one address, or those whose address or subject has the words."""
    kept = Letters(sorted(folder().glob("*.eml"), reverse=True))
    if not to and not about:
        return kept
    words = about.casefold().split()
    return [
        one
        for one in kept
        if (not to or one.to.casefold() == to.casefold())
        and all(word in f"{one.to} {one.subject}".casefold() for word in words)
    ]
