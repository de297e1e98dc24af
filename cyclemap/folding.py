"""Texts without case and accents, alike in Python and in both databases, so that people find what they mean.

Nothing is stored: the database folds what it searches, by `translate` in PostgreSQL and by the function
below in SQLite. So a text is found however it came in, and neither database needs an extension.
"""

import json
import re
import unicodedata
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Func, TextField

# Latin letters with marks, and the marks that stand on their own.
LETTERS = (*range(0xC0, 0x250), *range(0x1E00, 0x1F00))
MARKS = range(0x300, 0x370)


def _bare(char: str) -> str:
    base = unicodedata.normalize("NFKD", char)[0].lower()
    return base if base.isascii() and base.isalpha() else char.lower()


TABLE = {code: bare for code in LETTERS if len(bare := _bare(chr(code))) == 1 and bare != chr(code)}
FROM = "".join(map(chr, TABLE)) + "".join(map(chr, MARKS))
TO = "".join(TABLE.values())
BEYOND = re.compile("[^\x00-\x7f]+")
FOLDED = {**TABLE, **dict.fromkeys(MARKS, "")}


def fold(text: str) -> str:
    """`text` as it is compared: "Atención" and "ATENCION" are the same."""
    # Most texts have few such letters, and many have none: only those few are looked up.
    if not text.isascii():
        text = BEYOND.sub(lambda found: found[0].translate(FOLDED), text)
    return text.lower()


class Folded(Func):
    """Texts as `fold` folds them, a line each; `translations` adds what they are in other languages."""

    function = "cyclemap_fold"
    output_field = TextField()

    def __init__(self, *texts: Any, translations: str = "") -> None:
        self.is_translated = bool(translations)
        super().__init__(*([translations] if translations else []), *texts)

    def as_sqlite(self, compiler: Any, connection: BaseDatabaseWrapper, **context: Any) -> Any:
        function = "cyclemap_fold_all" if self.is_translated else "cyclemap_fold"
        return self.as_sql(compiler, connection, function=function, **context)

    def as_postgresql(self, compiler: Any, connection: BaseDatabaseWrapper, **context: Any) -> Any:
        pieces, params = [], []
        for place, source in enumerate(self.source_expressions):
            sql, more = compiler.compile(source)
            if self.is_translated and not place:
                sql = f"jsonb_path_query_array({sql}, '$.*.*')::text"
            pieces.append(sql)
            params += more
        return f"translate(lower(concat_ws(chr(10), {', '.join(pieces)})), %s, %s)", [*params, FROM, TO]


def fold_lines(*texts: object) -> str:
    return fold("\n".join(map(str, filter(None, texts))))


def fold_all(translations: str | None, *texts: object) -> str:
    """`translations` as the database keeps it: {"en": {"name": "Pay"}} as JSON."""
    if not translations or translations == "{}":
        return fold_lines(*texts)
    said = json.loads(translations)
    return fold_lines(*texts, *(text for fields in said.values() for text in fields.values()))


def teach(connection: BaseDatabaseWrapper, **_kwargs: Any) -> None:
    """SQLite has no such functions of its own."""
    if connection.vendor == "sqlite":
        learn = connection.connection.create_function
        learn("cyclemap_fold", -1, fold_lines, deterministic=True)
        learn("cyclemap_fold_all", -1, fold_all, deterministic=True)
