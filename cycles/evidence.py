"""Files of a moment or an action: known by what is in them, not by what they are called.

A picture is decoded and written anew, so that nothing travels in it but the picture; other files are kept
as they are and only ever handed out as downloads.
"""

import io
import re
import zipfile
from dataclasses import dataclass
from typing import TypeVar

from django.core.files.base import ContentFile, File
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from cycles.attachments import KeptFile
from cycles.models import Action, ActionFile, Attachment, Moment

MEGABYTE = 1024 * 1024
MOST_BYTES = 10 * MEGABYTE
MOST_PIXELS = 50_000_000
LONGEST_SIDE = 4096
MOST_ENTRIES = 5_000
MOST_UNPACKED = 200 * MEGABYTE
MOST_FILES = 30  # of one moment, or of one action

PICTURES = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}
OFFICE = {
    "word/document.xml": (
        "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    "xl/workbook.xml": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "ppt/presentation.xml": (
        "pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ),
}  # fmt: skip
# What the endings of a name promise.
ENDINGS = {
    "png": "PNG", "jpg": "JPEG", "jpeg": "JPEG", "webp": "WEBP", "pdf": "pdf", "docx": "docx", "xlsx": "xlsx",
    "pptx": "pptx", "txt": "text", "csv": "text",
}  # fmt: skip
ACCEPT = ",".join(f".{ending}" for ending in ENDINGS)


F = TypeVar("F", bound=KeptFile)


class EvidenceError(Exception):
    """Why a file cannot be kept, as a sentence."""


@dataclass(frozen=True)
class Kept:
    """A file as it will be kept."""

    name: str
    content_type: str
    data: bytes


def attach(moment: Moment, file: File) -> Attachment:
    """EvidenceError: too large, of no allowed type, or not what its name says."""
    if Attachment.objects.filter(moment=moment, deleted_at=None).count() >= MOST_FILES:
        raise EvidenceError(_("A moment has at most %(n)d files.") % {"n": MOST_FILES})
    return stored(Attachment(moment=moment), looked_at(file))


def attach_to_action(action: Action, file: File) -> ActionFile:
    """As `attach`: the same files are taken."""
    if ActionFile.objects.filter(action=action, deleted_at=None).count() >= MOST_FILES:
        raise EvidenceError(_("An action has at most %(n)d files.") % {"n": MOST_FILES})
    return stored(ActionFile(action=action), looked_at(file))


def stored(row: F, kept: Kept) -> F:
    row.name, row.content_type, row.size = kept.name, kept.content_type, len(kept.data)
    row.file.save(kept.name, ContentFile(kept.data), save=False)
    row.save()
    return row


def looked_at(file: File) -> Kept:
    if (file.size or 0) > MOST_BYTES:
        raise EvidenceError(_("The file is larger than %(n)d MB.") % {"n": MOST_BYTES // MEGABYTE})
    name = tidy_name(file.name or "")
    promised = ENDINGS.get(name.rpartition(".")[2].lower()) if "." in name else None
    if promised is None:
        raise EvidenceError(
            _("Files of this type are not taken. Allowed: PNG, JPEG, WebP, PDF, DOCX, XLSX, PPTX, TXT, CSV.")
        )
    data = file.read(MOST_BYTES + 1)
    if not data:
        raise EvidenceError(_("The file is empty."))
    if promised in PICTURES:
        return Kept(name, PICTURES[promised], picture(data, promised))
    content_type = type_of(data, promised, name)
    if content_type is None:
        raise EvidenceError(not_what_it_says())
    return Kept(name, content_type, data)


def tidy_name(name: str) -> str:
    """The name without folders, control characters and marks that turn the reading order; at most 120."""
    base = re.split(r"[\\/]", name)[-1]
    base = "".join(char for char in base if char.isprintable()).strip()
    stem, dot, ending = base.rpartition(".")
    return f"{stem[: 119 - len(ending)]}{dot}{ending}"[-120:] if dot else base[:120]


def not_what_it_says() -> str:
    return _("The content is not what the name says: it is of another type, or damaged.")


def picture(data: bytes, promised: str) -> bytes:
    """The picture decoded and encoded anew, upright and no larger than a screen can show."""
    try:
        with Image.open(io.BytesIO(data), formats=[promised]) as image:
            if image.width * image.height > MOST_PIXELS:
                raise EvidenceError(_("The picture has too many pixels to be opened safely."))
            upright = ImageOps.exif_transpose(image)
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            if promised == "JPEG" and upright.mode not in ("RGB", "L"):
                upright = upright.convert("RGB")
            out = io.BytesIO()
            quality = {"quality": 88} if promised != "PNG" else {"optimize": True}
            # A clean picture: what else was in the file stays behind.
            clean = Image.new(upright.mode, upright.size)
            if upright.mode == "P":
                clean.putpalette(upright.getpalette() or [])
                if "transparency" in upright.info:
                    clean.info["transparency"] = upright.info["transparency"]
            clean.paste(upright)
            clean.save(out, promised, **quality)
            return out.getvalue()
    except EvidenceError:
        raise
    except Image.DecompressionBombError as error:
        raise EvidenceError(_("The picture has too many pixels to be opened safely.")) from error
    except (OSError, ValueError, SyntaxError) as error:
        raise EvidenceError(not_what_it_says()) from error


def type_of(data: bytes, promised: str, name: str) -> str | None:
    """The type the content has, if it is the promised one."""
    if promised == "pdf":
        return "application/pdf" if data.startswith(b"%PDF-") and b"%%EOF" in data[-2048:] else None
    if promised == "text":
        if not is_text(data):
            return None
        return "text/csv" if name.lower().endswith(".csv") else "text/plain"
    kind, content_type = office(data) or ("", None)
    return content_type if kind == promised else None


def is_text(data: bytes) -> bool:
    """UTF-8, or Western: no character in it that no text has."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
        if "\ufffd" in text:
            return False
    if data.lstrip()[:5] in (b"%PDF-", b"{\\rtf"):
        return False
    return not re.search(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]", text)


def office(data: bytes) -> tuple[str, str] | None:
    """What kind of document a package of Office is. Nothing is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            entries = package.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return None
    names = {entry.filename for entry in entries}
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise EvidenceError(_("The document unpacks to more than is safe to open."))
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise EvidenceError(_("The document has macros in it. Save it without them and attach it again."))
    if "[Content_Types].xml" not in names:
        return None
    return next((kind for part, kind in OFFICE.items() if part in names), None)
