"""Putting a picture into the archive: its files and its rows, all of it or none.

1. The file and its renditions are encoded in memory.
2. Their paths are promised in `PendingFile` rows, which are committed.
3. The files are written.
4. In one transaction the image and its renditions are created, the promises are redeemed, and the
   caller's own rows change with them (`together`).

Whatever dies between 2 and 4 leaves promises that `discard_pending` turns back into nothing. An
attempt whose promises somebody discarded meanwhile was given up for lost: it fails in step 4 and
removes its own files.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final
from uuid import UUID, uuid4

import structlog
from django.db import transaction
from django.utils import timezone
from PIL import Image as Pillow

from accounts.access import Access
from accounts.errors import InvalidTransition
from accounts.models import Project
from accounts.roles import Permission
from assets.actions.announcing import announce_arrival
from assets.actions.indexing import index_images
from assets.actions.looking import describe
from assets.actions.tallying import count_arrived
from assets.labelling import provenance_of
from assets.looks import Look, look_of
from assets.models import Image, ImageRendition, ImportedFile, PendingFile
from assets.provenance.writing import encode
from assets.renditions import RenditionFile, make_renditions
from assets.snapshot import File, MetadataSnapshot
from assets.storage import (
    EXTENSIONS,
    delete_quietly,
    original_path,
    rendition_path,
    sha256_of,
    write_once,
)
from assets.types import Source

log = structlog.get_logger("atelier.pictures")

KEPT = "source"
"""In the name of a file that is kept as it came."""

MODEL_NAME_LIMIT = 80

_PERMISSIONS: Final[Mapping[Source, Permission]] = {
    Source.GENERATED: Permission.REQUEST_IMAGES,
    Source.IMPORTED: Permission.ORGANIZE_IMAGES,
}
_LARGEST_IN_COLUMN: Final = 2**63 - 1
"""Seeds of other tools can be larger; those are in the snapshot only."""


class AttemptGivenUp(InvalidTransition):
    """Somebody declared this attempt dead and cleaned up after it; nothing was archived."""

    code = "attempt_given_up"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPicture:
    """A picture and everything the archive wants to know about it.

    `owner` names the attempt that makes it; `discard_pending(owner=...)` takes back what that
    attempt left. `snapshot.file` is filled in here.
    """

    uid: UUID
    owner: UUID
    picture: Pillow.Image
    snapshot: MetadataSnapshot
    created_by_id: int
    template_version_id: int | None = None
    parent_id: int | None = None
    request_id: UUID | None = None
    source: Source = Source.GENERATED
    kept: KeptFile | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFile:
    """A file that is kept beside the original, as it came: what the picture was imported from."""

    data: bytes
    extension: str


@dataclass(frozen=True, slots=True)
class _EncodedFiles:
    original: bytes
    original_path: str
    sha256: str
    renditions: tuple[tuple[str, RenditionFile], ...]
    look: Look
    kept_path: str = ""

    @property
    def paths(self) -> list[str]:
        kept = [self.kept_path] if self.kept_path else []
        return [self.original_path, *(path for path, _file in self.renditions), *kept]


@dataclass(frozen=True, slots=True)
class WrittenPicture:
    """A picture whose files lie in the archive, promised but without a row yet."""

    new: NewPicture
    snapshot: MetadataSnapshot
    files: _EncodedFiles

    @property
    def kept_path(self) -> str:
        """Where the file lies that was kept as it came; empty when none was."""
        return self.files.kept_path


def archive_picture(
    *,
    access: Access,
    project: Project,
    new: NewPicture,
    together: Callable[[Image], None] | None = None,
) -> Image:
    """Archive one picture and return its row.

    `together` runs in the transaction that creates the row; what it raises undoes everything, the
    files included.

    Raises:
        StorageFull: no room is left; nothing was kept.
        AttemptGivenUp: the attempt was declared dead meanwhile; nothing was kept.
    """
    access.require(_PERMISSIONS[new.source], project.pk)
    written = write_picture(access=access, project=project, new=new)
    try:
        with transaction.atomic():
            image = keep_picture(access=access, project=project, written=written)
            if together:
                together(image)
    except BaseException:
        forget_picture(access=access, project=project, written=written)
        raise
    return image


def write_picture(*, access: Access, project: Project, new: NewPicture) -> WrittenPicture:
    """The first half of archiving, outside of any transaction: promises, then files.

    What is not kept with `keep_picture` afterwards has to be given up with `forget_picture`.
    """
    access.require(_PERMISSIONS[new.source], project.pk)
    started = time.perf_counter()
    files = _encode(project, new)
    PendingFile.objects.bulk_create(PendingFile(path=path, owner=new.owner) for path in files.paths)
    try:
        write_once(files.original_path, files.original)
        for path, rendition in files.renditions:
            write_once(path, rendition.data)
        if new.kept:
            write_once(files.kept_path, new.kept.data)
    except BaseException:
        _discard(new.owner, files.paths)
        raise
    seconds = time.perf_counter() - started
    snapshot = replace(
        new.snapshot,
        file=File(sha256=files.sha256, bytes=len(files.original), format="PNG"),
        timing=replace(new.snapshot.timing, save=round(seconds, 4)),
    )
    return WrittenPicture(new, snapshot, files)


def keep_picture(*, access: Access, project: Project, written: WrittenPicture) -> Image:
    """The second half, in the caller's transaction: the rows, for which the promises are redeemed.

    Raises:
        AttemptGivenUp: the attempt was declared dead meanwhile.
    """
    access.require(_PERMISSIONS[written.new.source], project.pk)
    image = _create_rows(project, written.new, written.snapshot, written.files)
    _redeem_promises(written.new.owner, len(written.files.paths))
    transaction.on_commit(
        lambda: log.info(
            "picture.archived", image=str(image.uid), snapshot=written.snapshot.to_json()
        )
    )
    return image


def forget_picture(*, access: Access, project: Project, written: WrittenPicture) -> None:
    """Remove the files of a picture that was written and is not kept."""
    access.require(_PERMISSIONS[written.new.source], project.pk)
    # Its promises may be gone already, so the attempt names its files itself.
    _discard(written.new.owner, written.files.paths)


def discard_pending(*, access: Access, owner: UUID) -> int:
    """Remove the files that an attempt promised and never archived; return how many promises."""
    access.require_system()
    return _discard(owner, [])


def sweep_pending(*, access: Access, older_than: timedelta) -> int:
    """Discard the promises of attempts that nobody speaks for any more; return how many."""
    access.require_system()
    owners = (
        PendingFile.objects.filter(created_at__lt=timezone.now() - older_than)
        .values_list("owner", flat=True)
        .distinct()
    )
    return sum(discard_pending(access=access, owner=owner) for owner in owners)


def _encode(project: Project, new: NewPicture) -> _EncodedFiles:
    provenance = provenance_of(new.uid, new.snapshot)
    # Packing runs in C without the interpreter's lock, so two of it take the time of one.
    with ThreadPoolExecutor(1, "renditions") as beside:
        making = beside.submit(make_renditions, new.picture, provenance)
        looking = beside.submit(look_of, new.picture)
        original = encode(new.picture, provenance, "PNG")
        renditions, look = making.result(), looking.result()
    sha256 = sha256_of(original)
    path = original_path(
        organization_id=project.organization_id,
        project_id=project.pk,
        sha256=sha256,
        extension=EXTENSIONS["PNG"],
    )
    return _EncodedFiles(
        original=original,
        original_path=path,
        sha256=sha256,
        renditions=tuple(
            (rendition_path(path, made.kind, made.extension), made) for made in renditions
        ),
        look=look,
        kept_path=rendition_path(path, KEPT, new.kept.extension) if new.kept else "",
    )


def _create_rows(
    project: Project, new: NewPicture, snapshot: MetadataSnapshot, files: _EncodedFiles
) -> Image:
    words, made = snapshot.words, snapshot.picture
    image = Image.objects.create(
        uid=new.uid,
        project=project,
        created_by_id=new.created_by_id,
        created_at=snapshot.created_at,
        source=new.source,
        path=files.original_path,
        sha256=files.sha256,
        bytes=len(files.original),
        width=made.width,
        height=made.height,
        prompt=words.effective_prompt,
        negative_prompt=words.negative_prompt or "",
        seed=None if (made.seed or 0) > _LARGEST_IN_COLUMN else made.seed,
        steps=made.steps,
        cfg=made.cfg,
        model_name=snapshot.model.name[:MODEL_NAME_LIMIT],
        is_preview=snapshot.engine.is_preview,
        template_version_id=new.template_version_id,
        parent_id=new.parent_id,
        request_id=new.request_id,
        metadata=snapshot.to_json(),
        placeholder=files.look.placeholder,
    )
    ImageRendition.objects.bulk_create(
        ImageRendition(
            image=image,
            kind=made.kind,
            path=path,
            width=made.width,
            height=made.height,
            bytes=len(made.data),
        )
        for path, made in files.renditions
    )
    count_arrived(images=[image])
    resembling = describe(image=image, look=files.look)
    announce_arrival(project=project)
    # The image that it was made from has one more that was made from it.
    parents = [image.parent_id] if image.parent_id else []
    index_images(image_ids=[image.pk, *parents, *resembling])
    return image


def _redeem_promises(owner: UUID, count: int) -> None:
    redeemed, _by_model = PendingFile.objects.filter(owner=owner).delete()
    if redeemed != count:
        raise AttemptGivenUp


def _discard(owner: UUID, also: list[str]) -> int:
    promised = list(PendingFile.objects.filter(owner=owner).values_list("path", flat=True))
    left = [
        path
        for path in sorted({*promised, *also})
        if not _is_archived(path) and not delete_quietly(path)
    ]
    # The attempt is given up whatever happens to its files; one that the storage did not want to
    # part with is promised anew, so that the next sweep tries again.
    PendingFile.objects.filter(owner=owner).exclude(path__in=left).delete()
    PendingFile.objects.filter(owner=owner).update(owner=uuid4())
    return len(promised)


def _is_archived(path: str) -> bool:
    return (
        Image.objects.filter(path=path).exists()
        or ImageRendition.objects.filter(path=path).exists()
        or ImportedFile.objects.filter(kept_path=path).exists()
    )
