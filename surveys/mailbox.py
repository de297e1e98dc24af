"""Where reports about our mail arrive: a mailbox over IMAP, or files."""

import imaplib
import logging
import mailbox
import ssl
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from surveys import bounces

log = logging.getLogger(__name__)

SECONDS = 30
MOST_AT_ONCE = 500
# A report is small; what is larger is not read into memory.
LARGEST = 2 * 1024 * 1024


def read_file(path: Path) -> int:
    """An mbox, a Maildir or a single message; say how many of our mails it was about."""
    return sum(bounces.take(raw) for raw in _messages(path))


def _messages(path: Path) -> Iterator[bytes]:
    if path.is_dir():
        for message in mailbox.Maildir(path, create=False):
            yield message.as_bytes()
        return
    with path.open("rb") as file:
        is_mbox = file.read(5) == b"From "
    if is_mbox:
        for entry in mailbox.mbox(path, create=False):
            yield entry.as_bytes()
    else:
        yield path.read_bytes()


def read_imap(url: str) -> int:
    """The unread messages of imaps://user:password@host:port/FOLDER, or imap:// inside one machine.

    Each is marked as read once it is taken into account; a crash in between takes it again, which
    changes nothing.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    connection: imaplib.IMAP4
    if parts.scheme == "imaps":
        connection = imaplib.IMAP4_SSL(
            host, parts.port or 993, ssl_context=ssl.create_default_context(), timeout=SECONDS
        )
    else:
        connection = imaplib.IMAP4(host, parts.port or 143, timeout=SECONDS)
    with connection:
        connection.login(unquote(parts.username or ""), unquote(parts.password or ""))
        folder = unquote(parts.path.lstrip("/")) or "INBOX"
        connection.select(f'"{folder}"')
        return sum(_take(connection, number) for number in _unread(connection))


def _unread(connection: imaplib.IMAP4) -> list[str]:
    _, found = connection.uid("SEARCH", "UNSEEN", f"SMALLER {LARGEST}")
    return found[0].decode().split()[:MOST_AT_ONCE] if found and found[0] else []


def _take(connection: imaplib.IMAP4, number: str) -> int:
    _, fetched = connection.uid("FETCH", number, "(BODY.PEEK[])")
    raw = next((part[1] for part in fetched if isinstance(part, tuple)), b"")
    about = bounces.take(raw)
    connection.uid("STORE", number, "+FLAGS.SILENT", r"(\Seen)")
    return about
