#!/usr/bin/env python3
"""The message catalogues.

    catalogues.py compile   write the .mo files that Django reads
    catalogues.py extract   collect the strings of the code into locale/*.po (needs gettext)
    catalogues.py check     fail where a string is missing, untranslated, fuzzy, or no longer in the code

English is the language of the source, so its catalogue is filled from the strings themselves.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("es", "en")


def catalogue(language: str, root: Path = ROOT) -> Path:
    return root / "locale" / language / "LC_MESSAGES" / "django.po"


def read(path: Path, language: str) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=language)


def complete(message: Message) -> bool:
    texts = message.string if isinstance(message.string, tuple) else (message.string,)
    return bool(texts) and all(texts) and not message.fuzzy


def key(message: Message) -> tuple[object, object]:
    return message.id, message.context


def compile_all() -> None:
    for language in LANGUAGES:
        path = catalogue(language)
        with path.with_suffix(".mo").open("wb") as file:
            write_mo(file, read(path, language))


def extract(root: Path = ROOT) -> None:
    for language in LANGUAGES:
        catalogue(language, root).parent.mkdir(parents=True, exist_ok=True)
    command = [
        sys.executable,
        str(root / "manage.py"),
        "makemessages",
        "--no-location",
        "--no-obsolete",
        "--no-wrap",
    ]
    ignore = [f"--ignore={name}" for name in (".venv", "var", "tests", "benchmarks", "tools")]
    languages = [f"--locale={language}" for language in LANGUAGES]
    env = {**os.environ, "CYCLEMAP_TRIAL": "1"}
    subprocess.run([*command, *languages, *ignore], cwd=root, check=True, stdout=subprocess.DEVNULL, env=env)
    for language in LANGUAGES:
        path = catalogue(language, root)
        messages = read(path, language)
        messages.fuzzy = False
        for message in messages:
            # What gettext guessed from, which Babel takes for remarks and would keep for ever.
            message.user_comments = [said for said in message.user_comments if not said.startswith("|")]
            if language == "en" and message.id:
                message.string = message.id
                message.flags.discard("fuzzy")
        with path.open("wb") as file:
            write_po(file, messages, width=0, omit_header=False, sort_output=True)


def check() -> int:
    faults = []
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "cyclemap"
        skip = shutil.ignore_patterns(
            ".venv", ".git", "var", "*.mo", "__pycache__", ".*_cache", ".hypothesis"
        )
        shutil.copytree(ROOT, copy, ignore=skip)
        extract(copy)
        for language in LANGUAGES:
            known = {key(m): m for m in read(catalogue(language), language) if m.id}
            wanted = {key(m) for m in read(catalogue(language, copy), language) if m.id}
            faults += [f"{language}: not in the catalogue: {k[0]!r}" for k in wanted - known.keys()]
            faults += [f"{language}: no longer in the code: {k[0]!r}" for k in known.keys() - wanted]
            faults += [f"{language}: not translated: {k[0]!r}" for k, m in known.items() if not complete(m)]
    print("\n".join(faults) or f"catalogues: complete in {', '.join(LANGUAGES)}")
    return 1 if faults else 0


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["compile"]:
            compile_all()
        case ["extract"]:
            extract()
        case ["check"]:
            sys.exit(check())
        case _:
            sys.exit(__doc__)
