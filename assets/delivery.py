"""The archive's files on their way out: only here, and only to people who may see the picture."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from typing import IO, Any
from uuid import UUID

import structlog
from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.http import (
    FileResponse,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
)
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext_lazy as _

from accounts.access import Access
from accounts.errors import NotVisible
from assets import storage
from assets.exports.converting import NotConvertible, content_type_of, converted
from assets.exports.naming import USUAL_PATTERN, file_name
from assets.exports.options import FileOptions
from assets.models import Image
from assets.queries.images import CONTENT_TYPES, StoredFile, image_for, original_of, rendition_for
from assets.queries.imports import kept_file_of

log = structlog.get_logger(__name__)

CHUNK = 256 * 1024
_MISSING = _("The file of this picture is missing from the archive.")
_UNREADABLE = _("This picture cannot be converted. Download it as it was archived.")

# A file is its hash and never changes, but only this person may keep it. Whatever it contains, it
# is shown as what it says it is, runs nothing, and is not drawn by other sites.
HEADERS = {
    "Cache-Control": "private, max-age=31536000, immutable",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def deliver_original(
    request: HttpRequest, access: Access, uid: UUID, *, download: bool = False
) -> HttpResponseBase:
    """The original; with `download` as a file to keep, under its archive name."""
    image = image_for(access, uid)
    stored = original_of(image)
    name = image.archive_name or f"{image.uid}.{stored.extension}"
    return _answer(request, stored, name=name, download=download)


def deliver_rendition(
    request: HttpRequest, access: Access, uid: UUID, kind: str
) -> HttpResponseBase:
    """A smaller file for the screen."""
    return _answer(request, rendition_for(access, uid, kind))


def deliver_download(request: HttpRequest, image: Image, options: FileOptions) -> HttpResponseBase:
    """The picture as a file to keep, in the form that was asked for, under the name it goes by."""
    archived = original_of(image)
    name = file_name(
        image,
        pattern=USUAL_PATTERN,
        number=1,
        extension=options.extension_for(archived.extension),
    )
    if options.as_archived:
        return _answer(request, archived, name=name, download=True)
    try:
        data = converted(image, options)
    except NotConvertible as error:
        log.error("archive.file_unreadable", path=image.path)  # noqa: TRY400  # no fault of the code
        raise NotVisible(_UNREADABLE, code="file_unreadable") from error
    except storage.StorageError as error:
        log.error("archive.file_missing", path=image.path)  # noqa: TRY400  # no fault of the code
        raise NotVisible(_MISSING, code="file_missing") from error
    response = FileResponse(
        io.BytesIO(data),
        content_type=content_type_of(image, options),
        filename=name,
        as_attachment=True,
        headers={**HEADERS, "Cache-Control": "private, no-store"},
    )
    if isinstance(request, ASGIRequest):
        response.streaming_content = _whole(data)
    return response


async def _whole(data: bytes) -> AsyncIterator[bytes]:
    yield data


def deliver_kept_source(request: HttpRequest, access: Access, uid: UUID) -> HttpResponseBase:
    """The file that a picture was imported from, as it came; always as a file to keep."""
    stored, name = kept_file_of(access, uid)
    return _answer(request, stored, name=name, download=True)


def deliver_kept(request: HttpRequest, path: str) -> HttpResponseBase:
    """A small file of the archive that is no picture of a project; the caller has asked who may."""
    etag = f'"{path.rpartition("/")[2]}"'  # a file is called after its hash
    response = get_conditional_response(request, etag=etag)
    if response is None:
        extension = path.rpartition(".")[2]
        try:
            response = HttpResponse(storage.read(path), content_type=CONTENT_TYPES[extension])
        except storage.FileMissing as error:
            raise NotVisible(_MISSING, code="file_missing") from error
    response["ETag"] = etag
    for header, value in HEADERS.items():
        response[header] = value
    return response


def _answer(
    request: HttpRequest, stored: StoredFile, *, name: str = "", download: bool = False
) -> HttpResponseBase:
    etag = f'"{stored.etag}"'
    response = get_conditional_response(request, etag=etag) or _opened(
        request, stored, name=name, download=download
    )
    response["ETag"] = etag
    for header, value in HEADERS.items():
        response[header] = value
    return response


def _opened(request: HttpRequest, stored: StoredFile, *, name: str, download: bool) -> FileResponse:
    try:
        opened = storage.open_file(stored.path)
    except storage.FileMissing as error:
        log.error("archive.file_missing", path=stored.path)  # noqa: TRY400  # no fault of the code
        raise NotVisible(_MISSING, code="file_missing") from error
    response = FileResponse(
        opened,
        content_type=stored.content_type,
        filename=name,
        as_attachment=download,
        headers={"Content-Length": str(stored.size)},
    )
    if isinstance(request, ASGIRequest):
        # The async server would otherwise read the whole file first.
        response.streaming_content = _chunks(opened)
    return response


async def _chunks(opened: IO[Any]) -> AsyncIterator[bytes]:
    read = sync_to_async(opened.read, thread_sensitive=False)
    while chunk := await read(CHUNK):
        yield chunk
