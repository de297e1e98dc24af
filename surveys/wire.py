"""A mail as it goes over the wire: headers that say what was meant, and two parts.

Python's `email` makes and reads single headers, where all the danger is; the frame around them is
always the same and written here, because making a mail is most of the work of sending it. What was
made is read again before it is handed to anybody.
"""

import binascii
import re
import secrets
from email import policy
from email.errors import MessageError
from email.headerregistry import Address
from email.utils import formatdate
from functools import lru_cache
from typing import Any

from cyclemap.text import one_line

# Longer lines are refused by mail servers.
LINE_LIMIT = 998
PLAIN_ADDRESS = re.compile(r"[A-Za-z0-9_+-]+(\.[A-Za-z0-9_+-]+)*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
FOLDING = policy.EmailPolicy(linesep="\r\n", raise_on_defect=False)
HEADER_NAME = re.compile(rb"^([!-9;-~]+):", re.MULTILINE)


class UnsendableError(ValueError):
    """This mail cannot be made, now or later; the message says why."""


def envelope_recipient(address: str) -> str:
    """The address as mail servers without SMTPUTF8 take it: the domain in its ASCII spelling."""
    local, at, domain = address.rpartition("@")
    if not at or not local.isascii() or address != one_line(address) or re.search(r"[\s<>]", address):
        raise UnsendableError("the address cannot be written to")
    return f"{local}@{_ascii_domain(domain)}"


@lru_cache(maxsize=4096)
def _ascii_domain(domain: str) -> str:
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise UnsendableError("the address cannot be written to") from error


# --- Headers --------------------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def mailbox(name: str, display_name: str, address: str) -> bytes:
    """`From: Lunaria <survey@lunaria.example>`: one address, whatever the name is made of."""
    if not display_name and PLAIN_ADDRESS.fullmatch(address):
        return _short(name, address)
    try:
        meant = Address(display_name, addr_spec=address)
        line, read = _folded(name, meant)
        found = read.addresses
    except (ValueError, UnicodeError, MessageError, IndexError) as error:
        raise UnsendableError(f"{name}: {type(error).__name__}: {error}"[:200]) from error
    if len(found) != 1:
        raise UnsendableError(f"{name} is not one address")
    _same(name, found[0].addr_spec, address)
    _same(name, found[0].display_name, display_name)
    return line


@lru_cache(maxsize=4096)
def unstructured(name: str, text: str) -> bytes:
    if text.isascii() and text.isprintable() and "=?" not in text and len(text) < 60:
        return _short(name, text)
    try:
        line, read = _folded(name, text)
    except (ValueError, UnicodeError, MessageError, IndexError) as error:
        raise UnsendableError(f"{name}: {type(error).__name__}: {error}"[:200]) from error
    _same(name, str(read), text)
    return line


def verbatim(name: str, text: str) -> bytes:
    """On one line and in plain letters: a mail program must be able to read the address in it, and Python
    folds what is long and has no space into encoded words."""
    line = _short(name, text)
    if len(line) > LINE_LIMIT:
        raise UnsendableError(f"{name} is too long")
    return line


def _short(name: str, text: str) -> bytes:
    if not (text.isascii() and text.isprintable()):
        raise UnsendableError(f"{name} cannot be written as it is")
    return f"{name}: {text}\r\n".encode("ascii")


def _folded(name: str, value: Any) -> tuple[bytes, Any]:
    """A header as written, and as a receiver reads it."""
    name, made = FOLDING.header_store_parse(name, value)
    line = FOLDING.fold_binary(name, made)
    unfolded = line.decode("ascii").removesuffix("\r\n").partition(":")[2]
    source = [f"{name}:{unfolded}"]
    return line, FOLDING.header_fetch_parse(*FOLDING.header_source_parse(source))


def _same(name: str, read: str, meant: str) -> None:
    # Without spaces: where a long line is folded, Python's writer and reader lose or add one.
    if "".join(read.split()) != "".join(meant.split()):
        raise UnsendableError(f"{name} does not say what was meant")


# --- The whole ------------------------------------------------------------------------------------


def whole(headers: list[bytes], text: str, html: str) -> bytes:
    """Headers and both parts; read again, as long as it is still ours to hold back."""
    boundary = secrets.token_hex(16).encode()
    frame = [
        *headers,
        b"MIME-Version: 1.0\r\n",
        b'Content-Type: multipart/alternative; boundary="' + boundary + b'"\r\n',
    ]
    parts = [_quoted(text), _quoted(html)]
    raw = b"".join([
        *frame,
        b"\r\n--", boundary, b"\r\nContent-Type: text/plain; charset=\"utf-8\"\r\n",
        b"Content-Transfer-Encoding: quoted-printable\r\n\r\n", parts[0],
        b"\r\n--", boundary, b"\r\nContent-Type: text/html; charset=\"utf-8\"\r\n",
        b"Content-Transfer-Encoding: quoted-printable\r\n\r\n", parts[1],
        b"\r\n--", boundary, b"--\r\n",
    ])  # fmt: skip
    _read_again(raw, frame, boundary, [text, html])
    return raw


def formatted_now() -> bytes:
    return b"Date: " + formatdate(localtime=False, usegmt=False).encode("ascii") + b"\r\n"


def _quoted(text: str) -> bytes:
    return binascii.b2a_qp(_lines(text).encode("utf-8"), istext=True)


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\n", "\r\n")


def _read_again(raw: bytes, frame: list[bytes], boundary: bytes, meant: list[str]) -> None:
    """As the receiver will: each header stands once, and both parts say what was meant, to the letter."""
    head, _, body = raw.partition(b"\r\n\r\n")
    names = [found.lower() for found in HEADER_NAME.findall(head)]
    if len(names) != len(frame) or len(set(names)) != len(names):
        raise UnsendableError("a header does not stand once")
    lines = raw.split(b"\r\n")
    ends = len(lines) - 1
    if raw.count(b"\n") != ends or raw.count(b"\r") != ends or max(map(len, lines)) > LINE_LIMIT:
        raise UnsendableError("a line is too long or broken")
    parts = (b"\r\n" + body).split(b"\r\n--" + boundary)
    if len(parts) != 4 or not raw.isascii():
        raise UnsendableError("the mail is not whole")
    for part, text in zip(parts[1:3], meant, strict=True):
        content = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")[2]
        if binascii.a2b_qp(content).decode("utf-8") != _lines(text):
            raise UnsendableError("a part does not say what was meant")
