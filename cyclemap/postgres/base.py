"""Kept connections are looked at instead of asked, and statements worked out once are prepared once."""

import select
from typing import Any

from django.db.backends.postgresql import base
from psycopg import Cursor


class KnownCursor(base.CursorMixin, Cursor[Any]):  # type: ignore[name-defined,misc]
    """Binds its parameters in the server, which is what prepared statements need."""


class DatabaseWrapper(base.DatabaseWrapper):
    def is_usable(self) -> bool:
        """Whether a kept connection still has a server at its end, asked before each request.

        A server that went away, by a restart or by closing us, has ended its side: then there is something
        to read where nothing was asked for, and Django's own question decides. It costs no journey to the
        server, which on the customers' pages would be every second one.
        """
        if self.connection is None or self.connection.closed:
            return False
        waiting = select.poll()
        waiting.register(self.connection.fileno(), select.POLLIN)
        return not waiting.poll(0) or bool(super().is_usable())

    def known_cursor(self) -> Any:
        """As `cursor()`, for a statement that this process runs again and again in the same words: the server
        parses and plans it once a connection (`DATABASE_PREPARES`). Its parameters must have a type where
        they stand, as those of comparisons with columns have. Where statements are being looked at (DEBUG,
        tests that count them) they go the usual way, which keeps their words with their values.
        """
        self.ensure_connection()
        if self.connection.prepare_threshold is None or self.queries_logged:
            return self.cursor()
        return self._prepare_cursor(KnownCursor(self.connection))  # type: ignore[attr-defined]
