"""A shopper's form as it is filled in, and the photos that go with it."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from surveys import links
from surveys.models import Criterion


def picture(kind="JPEG", **more):
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(out, kind, **more)
    return out.getvalue()


def upload(data=None, name="ximena quiroga 01.jpg"):
    return SimpleUploadedFile(name, picture() if data is None else data, "image/jpeg")


def mark_of(text):
    return text.split('name="page" value="', 1)[1].split('"', 1)[0]


def opened(customer, visit):
    url = f"/v/{links.visit_token_for(visit)}/"
    page = customer.get(url)
    assert page.status_code == 200
    return url, {"page": mark_of(page.text)}


def all_of(number, value="4"):
    return {f"w{number}": "y", **{f"c{number}_{criterion}": value for criterion in Criterion.values}}
