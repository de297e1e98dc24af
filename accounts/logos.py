"""The logo of a client: decoded and written anew, so that nothing travels in the file but the picture."""

import io
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from accounts.svg_logo import drawn_anew

MEGABYTE = 1024 * 1024
MOST_BYTES = 2 * MEGABYTE
MOST_PIXELS = 25_000_000
# On paper a logo is 60 mm wide at most: 400 points an inch.
LARGEST = (960, 480)

KINDS = {".png": "image/png", ".svg": "image/svg+xml"}


class LogoError(ValueError):
    """Why a file cannot be a logo, as a sentence."""


def kept(file: UploadedFile) -> ContentFile:
    """What is kept of an upload, under a random name."""
    if (file.size or 0) > MOST_BYTES:
        raise LogoError(_("The file is larger than %(n)d MB.") % {"n": MOST_BYTES // MEGABYTE})
    data = file.read(MOST_BYTES + 1)
    if not data:
        raise LogoError(_("The file is empty."))
    if data.startswith((b"\x89PNG", b"\xff\xd8\xff")):
        return named(raster(data), "png")
    if b"<svg" in data[:MOST_BYTES]:
        try:
            return named(drawn_anew(data), "svg")
        except ValueError as error:
            raise LogoError(str(error)) from error
    raise LogoError(_("A logo is a PNG, JPEG or SVG file."))


def named(data: bytes, ending: str) -> ContentFile:
    return ContentFile(data, name=f"{uuid4().hex}.{ending}")


def raster(data: bytes) -> bytes:
    """As PNG, upright, no larger than paper can show."""
    try:
        with Image.open(io.BytesIO(data), formats=["PNG", "JPEG"]) as image:
            if image.width * image.height > MOST_PIXELS:
                raise LogoError(_("The picture has too many pixels to be opened safely."))
            upright = ImageOps.exif_transpose(image).convert("RGBA")
            upright.thumbnail(LARGEST)
            clean = Image.new("RGBA", upright.size)
            clean.paste(upright)
            out = io.BytesIO()
            clean.save(out, "PNG", optimize=True)
            return out.getvalue()
    except Image.DecompressionBombError as error:
        raise LogoError(_("The picture has too many pixels to be opened safely.")) from error
    except LogoError:
        raise
    except (OSError, ValueError, SyntaxError) as error:
        raise LogoError(_("The picture cannot be read: it is damaged, or not what its name says.")) from error


def content_type(name: str) -> str:
    return KINDS["." + name.rpartition(".")[2]]
