"""A real SMTP server in a process of its own that writes down what it accepted, and can misbehave.

As a program:  python tests/smtp_sink.py LOG [--port N] [--close-after N] [--refuse-log-in] ...
In a test:     with SmtpSink(tmp_path) as sink: ...; sink.mails()

What goes wrong with one mail is in its address, so that a test reads by itself:
    refuse-…@      550 at RCPT               grey-…@          450 at RCPT, taken from the second try
    later-…@       450 at RCPT, always       reject-…@        554 after the text
    defer-…@       451 after the text        cut-before-…@    connection cut before the final dot counts
    cut-after-…@   accepted, then cut before the reply        cut-rcpt-…@  cut at RCPT
    no-data-…@     451 instead of 354        cut-data-…@      cut instead of 354
"""

import argparse
import asyncio
import contextlib
import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
import time
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from types import TracebackType
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session, syntax

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


def end_with_parent() -> None:
    """For `preexec_fn`: whoever ends the run, by whatever signal, leaves none of its processes behind."""
    if LIBC is not None:
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Server(SMTP):
    """aiosmtpd with faults."""

    def cut(self) -> None:
        assert isinstance(self.transport, asyncio.WriteTransport)
        self.transport.abort()

    @syntax("DATA")
    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        recipient = (self.envelope.rcpt_tos or [""])[0] if self.envelope else ""
        if recipient.startswith("no-data-"):
            await self.push("451 4.3.0 not now")
        elif recipient.startswith("cut-data-"):
            self.cut()
        else:
            await super().smtp_DATA(arg)


class Faults:
    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.log = open(options.log, "a", buffering=1)  # noqa: SIM115
        self.seen: set[str] = set()

    async def handle_MAIL(  # noqa: N802
        self, server: Server, session: Session, envelope: Envelope, address: str, mail_options: list[str]
    ) -> str:
        taken = getattr(session, "taken", 0)
        if self.options.close_after and taken >= self.options.close_after:
            await server.push("421 4.4.2 enough on this connection")
            server.cut()
            return "421 4.4.2 enough"
        if self.options.refuse_sender:
            return f"{self.options.refuse_sender} sender turned away"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: Server, session: Session, envelope: Envelope, address: str, rcpt_options: list[str]
    ) -> str:
        first_time = address not in self.seen
        self.seen.add(address)
        if address.startswith("refuse-"):
            return "550 5.1.1 no such person"
        if address.startswith("later-") or (address.startswith("grey-") and first_time):
            return "450 4.2.0 try again later"
        if address.startswith("cut-rcpt-"):
            server.cut()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Server, session: Session, envelope: Envelope) -> str:  # noqa: N802
        recipient = envelope.rcpt_tos[0]
        if recipient.startswith("reject-"):
            return "554 5.7.1 not that"
        if recipient.startswith("defer-"):
            return "451 4.3.0 later"
        if recipient.startswith("cut-before-"):
            server.cut()
            return "250 never seen"
        if self.options.slow:
            await asyncio.sleep(self.options.slow)
        content = envelope.original_content or b""
        message = BytesParser(policy=policy.default).parsebytes(content, headersonly=True)
        line = {
            "at": time.time(),
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "message_id": str(message["Message-ID"]),
        }
        if not self.options.lean:
            line["raw"] = content.decode("ascii", "replace")
        self.log.write(json.dumps(line) + "\n")
        if recipient.startswith("cut-after-"):
            server.cut()
        session.taken = getattr(session, "taken", 0) + 1  # type: ignore[attr-defined]
        return "250 2.0.0 taken"

    def auth(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        return AuthResult(success=not self.options.refuse_log_in, handled=False)


async def serve(options: argparse.Namespace) -> None:
    faults = Faults(options)

    def server() -> Server:
        return Server(
            faults,
            hostname="sink.test",
            enable_SMTPUTF8=False,
            authenticator=faults.auth,
            auth_require_tls=False,
            timeout=60,
        )

    loop = asyncio.get_running_loop()
    listening = await loop.create_server(server, "127.0.0.1", options.port)
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, listening.close)
    print(listening.sockets[0].getsockname()[1], flush=True)
    with contextlib.suppress(asyncio.CancelledError):
        await listening.serve_forever()


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("log")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--close-after", type=int, default=0, help="421 after so many mails on a connection")
    parser.add_argument("--refuse-log-in", action="store_true")
    parser.add_argument("--refuse-sender", default="", help="the code to answer MAIL FROM with")
    parser.add_argument("--lean", action="store_true", help="write down who and what, not the text")
    parser.add_argument("--slow", type=float, default=0.0, help="seconds before the last reply")
    return parser


class SmtpSink:
    """The server as a process, and what it has accepted."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.log = folder / "smtp.jsonl"
        self.options = options
        self.host, self.port = "127.0.0.1", 0
        self.process: subprocess.Popen[str] | None = None

    def start(self, *options: str) -> "SmtpSink":
        """Also once more, on the same port and log, after `kill` or `stop`."""
        command = [sys.executable, __file__, str(self.log), "--port", str(self.port)]
        self.process = subprocess.Popen(
            [*command, *(options or self.options)],
            stdout=subprocess.PIPE, text=True, env=dict(os.environ), preexec_fn=end_with_parent,
        )  # fmt: skip
        assert self.process.stdout is not None
        self.port = int(self.process.stdout.readline())
        return self

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        self._end(signal.SIGKILL)

    def _end(self, number: int) -> None:
        process, self.process = self.process, None
        if process is None:
            return
        process.send_signal(number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(5)
        if process.poll() is None:
            process.kill()
            process.wait(5)
        if process.stdout is not None:
            process.stdout.close()

    def restart(self, *options: str) -> None:
        self.kill()
        self.start(*options)

    def lines(self) -> list[dict[str, Any]]:
        if not self.log.exists():
            return []
        return [json.loads(line) for line in self.log.read_text().splitlines() if line.endswith("}")]

    def message_ids(self) -> list[str]:
        return [line["message_id"] for line in self.lines()]

    def recipients(self) -> list[str]:
        return [line["to"][0] for line in self.lines()]

    def mails(self) -> list[EmailMessage]:
        read = BytesParser(policy=policy.default)
        return [read.parsebytes(line["raw"].encode()) for line in self.lines()]  # type: ignore[misc]

    def mail_to(self, address: str) -> EmailMessage:
        return next(m for m, line in zip(self.mails(), self.lines(), strict=True) if address in line["to"])

    def __enter__(self) -> "SmtpSink":
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


def closed_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


if __name__ == "__main__":
    asyncio.run(serve(arguments().parse_args()))
