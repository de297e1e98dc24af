"""Photos of a visit: pictures and nothing else, encoded anew, under a name that tells nothing."""

from django.core.files.base import ContentFile, File
from django.db import transaction
from django.utils.translation import gettext as _

from cycles.evidence import ENDINGS, MEGABYTE, MOST_BYTES, PICTURES, EvidenceError, picture
from surveys.models import Item, Visit, VisitPhoto

MOST_PHOTOS = 20  # of one visit


class PhotoError(ValueError):
    """The message is a sentence for whoever gave the photo."""


def keep_photo(visit: Visit, file: File, item: Item | None = None) -> VisitPhoto:
    """PhotoError: too many, too large, no picture, or not what its name says."""
    if VisitPhoto.objects.filter(visit=visit).count() >= MOST_PHOTOS:
        raise PhotoError(_("A visit has at most %(n)d photos.") % {"n": MOST_PHOTOS})
    if (file.size or 0) > MOST_BYTES:
        raise PhotoError(_("The photo is larger than %(n)d MB.") % {"n": MOST_BYTES // MEGABYTE})
    promised = ENDINGS.get((file.name or "").rpartition(".")[2].lower(), "")
    if promised not in PICTURES:
        raise PhotoError(_("Only photos are taken here: PNG, JPEG or WebP."))
    try:
        data = picture(file.read(MOST_BYTES + 1), promised)
    except EvidenceError as error:
        raise PhotoError(str(error)) from error
    photo = VisitPhoto(visit=visit, item=item, content_type=PICTURES[promised], size=len(data))
    photo.file.save("photo", ContentFile(data), save=False)
    photo.save()
    return photo


def remove_photo(photo: VisitPhoto) -> None:
    """The picture as well as its row, once the row is gone for good."""
    storage, name = photo.file.storage, photo.file.name
    photo.delete()
    transaction.on_commit(lambda: storage.delete(name))
