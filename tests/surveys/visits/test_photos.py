"""Photos of a visit: made anew, named by nobody, refused in words."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from surveys.models import VisitPhoto
from surveys.visits.photos import MOST_PHOTOS
from tests.surveys.visiting import NAME, alike, made, planned
from tests.surveys.visits.forms import all_of, opened, picture, upload


def test_photos_are_made_anew_and_named_by_nobody(world, customer, consultant, wave, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    visit = planned(wave)
    url, form = opened(customer, visit)
    exif = Image.Exif()
    exif[0x010E] = NAME  # ImageDescription
    data = picture(exif=exif)
    assert NAME.encode() in data
    answer = customer.post(url, {**form, "photo": upload(data), "photo_of": "2", "photos": "1"})
    assert answer.status_code == 302
    photo = VisitPhoto.objects.get()
    assert photo.item.position == 1
    assert "ximena" not in photo.file.name
    with photo.file.open() as kept:
        assert NAME.encode() not in kept.read()
    assert "Remove photo 1" in customer.get(url).text
    handed = consultant.get(world.url(f"visit-photos/{photo.pk}/"))
    assert handed["Content-Type"] == "image/jpeg"
    assert "ximena" not in handed["Content-Disposition"]
    customer.post(url, {**form, "remove": str(photo.pk)})
    assert not VisitPhoto.objects.exists()


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("notes.pdf", b"%PDF-1.7", "Only photos are taken here"),
        ("fake.jpg", b"no picture", "not what the name says"),
        ("empty.png", b"", "not what the name says"),
    ],
)
def test_what_is_no_photo_is_refused_and_nothing_typed_is_lost(world, customer, wave, name, data, said):
    visit = planned(wave)
    url, form = opened(customer, visit)
    response = customer.post(url, {**form, **all_of(1), "photo": SimpleUploadedFile(name, data), "send": "1"})
    if data:
        assert response.status_code == 422
        assert said in response.text
        visit.refresh_from_db()
        assert (visit.state, visit.draft["c1_tone"]) == ("planned", "4")
    assert not VisitPhoto.objects.exists()


def test_no_more_photos_than_a_visit_needs(world, consultant, wave, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    visit = made(wave, {0: alike(4)})
    VisitPhoto.objects.bulk_create(
        VisitPhoto(visit=visit, file="x.png", content_type="image/png", size=1) for _ in range(MOST_PHOTOS)
    )
    response = consultant.post(world.url(f"visits/{visit.pk}/photos/"), {"photo": upload()}, follow=True)
    assert "at most 20 photos" in response.text
    assert VisitPhoto.objects.count() == MOST_PHOTOS
