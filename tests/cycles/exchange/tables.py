"""Tables of moments, and how a browser brings them."""

from django.core.files.uploadedfile import SimpleUploadedFile


def file_of(data, name="moments.csv"):
    return SimpleUploadedFile(name, data.encode() if isinstance(data, str) else data)


def look(browser, world, data, name="moments.csv"):
    return browser.post(world.url(f"cycles/{world.cycle.pk}/moments/import/"), {"file": file_of(data, name)})
