"""A request that declares more than any form of ours takes is not stored: neither in memory nor on disk."""

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest

# Up to here what comes is read and thrown away, so that the browser gets to see our sentence; beyond, the
# line is cut.
PATIENCE = 10


class BoundedUpload(FileUploadHandler):
    """First of the handlers: stops the whole upload. The fields before the file are kept."""

    declared = 0

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, Any],
        content_length: int,
        boundary: Any,
        encoding: str | None = None,
    ) -> None:
        self.declared = content_length

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        if self.declared > settings.MAX_UPLOAD:
            raise StopUpload(connection_reset=self.declared > PATIENCE * settings.MAX_UPLOAD)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


def is_cut_off(request: HttpRequest) -> bool:
    """Whether a file is missing because the request was too large."""
    declared = request.META.get("CONTENT_LENGTH") or "0"
    return declared.isdecimal() and int(declared) > settings.MAX_UPLOAD
