"""Exports on their way out: made, read and packed while they are sent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from tempfile import TemporaryFile
from urllib.parse import quote

from django.core.handlers.asgi import ASGIRequest
from django.db import connections
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from PIL import Image as Pillow

from accounts.access import Access
from assets.actions.naming import file_system_name
from assets.delivery import CHUNK, HEADERS
from assets.exports.contact_sheet import ON_A_PAGE, Pasted, as_pdf, as_png, pages
from assets.exports.options import Contents
from assets.exports.streaming import zip_of, zip_of_files
from assets.models import Operation
from assets.operations.export_orders import access_of_the_orderer, require_fetchable
from assets.operations.exporting import options_of
from assets.queries.exported import Exported, exported


def deliver_export(request: HttpRequest, access: Access, operation: Operation) -> HttpResponseBase:
    """What an export holds, written while it is sent. Only for the person who ordered it.

    Whether they may see each picture is asked while it is sent.
    """
    require_fetchable(access, operation)
    options = options_of(operation.arguments)
    pictures = exported(operation, partial(access_of_the_orderer, operation))
    stem = f"{file_system_name(operation.project)}_{timezone.localdate():%Y%m%d}"
    if options.contents is Contents.PICTURES:
        chunks, name = zip_of(pictures, options), f"{stem}.zip"
    elif options.contents is Contents.SHEET_PDF:
        chunks, name = _sheet_pdf(operation, pictures), f"{stem}_contact-sheet.pdf"
    elif operation.done <= ON_A_PAGE:
        chunks, name = _sheet_png(operation, pictures), f"{stem}_contact-sheet.png"
    else:
        chunks, name = _sheet_pngs(operation, pictures, stem), f"{stem}_contact-sheet.zip"
    spoken = _in_language(translation.get_language(), chunks)
    return _sent_as_written(request, spoken, name)


def _in_language(language: str | None, chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The pieces, each made in the language of the request, in whatever thread that is."""
    while True:
        with translation.override(language):
            chunk = next(chunks, None)
        if chunk is None:
            return
        yield chunk


def _sheet(operation: Operation, pictures: Iterator[Exported]) -> Iterator[Pillow.Image]:
    title = f"{operation.project.name}  {timezone.localdate(operation.created_at):%Y-%m-%d}"
    yield from pages(map(_pasted, pictures), title=title, total=operation.total)


def _pasted(picture: Exported) -> Pasted:
    image = picture.image
    if image is None or image.trashed_at is not None:
        return Pasted(name=_("Not there any more"), facts="", thumb="")
    seed = "" if image.seed is None else _("Seed %(seed)d") % {"seed": image.seed}
    size = f"{image.width} × {image.height}"
    facts = ", ".join(filter(None, (seed, size)))
    return Pasted(name=picture.item.name, facts=facts, thumb=picture.thumb)


def _sheet_pdf(operation: Operation, pictures: Iterator[Exported]) -> Iterator[bytes]:
    with TemporaryFile() as file:
        as_pdf(_sheet(operation, pictures), file, title=operation.project.name)
        file.seek(0)
        while chunk := file.read(CHUNK):
            yield chunk


def _sheet_png(operation: Operation, pictures: Iterator[Exported]) -> Iterator[bytes]:
    for page in _sheet(operation, pictures):
        yield as_png(page)


def _sheet_pngs(operation: Operation, pictures: Iterator[Exported], stem: str) -> Iterator[bytes]:
    sheets = enumerate(_sheet(operation, pictures), start=1)
    return zip_of_files((f"{stem}_{number:02d}.png", as_png(page)) for number, page in sheets)


def _sent_as_written(
    request: HttpRequest, chunks: Iterator[bytes], name: str
) -> StreamingHttpResponse:
    extension = name.rpartition(".")[2]
    types = {"zip": "application/zip", "pdf": "application/pdf", "png": "image/png"}
    return StreamingHttpResponse(
        _in_a_thread(chunks) if isinstance(request, ASGIRequest) else chunks,
        content_type=types[extension],
        headers={
            **HEADERS,
            "Cache-Control": "private, no-store",
            "Content-Disposition": f'attachment; filename="export.{extension}";'
            f" filename*=UTF-8''{quote(name)}",
            "X-Accel-Buffering": "no",  # a proxy would fill its disk with it
        },
    )


async def _in_a_thread(chunks: Iterator[bytes]) -> AsyncIterator[bytes]:
    """Pieces as they are made, in one thread of their own: its database connection ends with it."""
    loop, end = asyncio.get_running_loop(), object()
    thread = ThreadPoolExecutor(1, "sending")
    try:
        while (chunk := await loop.run_in_executor(thread, next, chunks, end)) is not end:
            yield chunk  # type: ignore[misc]  # not the end
    finally:
        thread.submit(_let_go_of, chunks)
        thread.shutdown(wait=False)


def _let_go_of(chunks: Iterator[bytes]) -> None:
    close = getattr(chunks, "close", None)
    if close:
        close()
    connections.close_all()
