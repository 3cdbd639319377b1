"""The trash keeps what was thrown away, deletes it in time, and never half of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.access import Access
from accounts.errors import InvalidTransition, NotPermitted
from accounts.models import AuditEvent
from assets import storage
from assets.actions.archiving import sweep_pending
from assets.actions.reviewing import review_image
from assets.actions.trashing import (
    allow_purge,
    purge_expired,
    purge_images,
    restore_image,
    trash_image,
)
from assets.models import Image, PendingFile
from assets.queries.archive_check import faults_of_files, faults_of_rows, faults_of_tallies
from assets.types import Decision, SkipReason
from generation.models import GenerationRequest
from tests.assets.builders import decide, make_image, make_pending
from tests.builders import World, access_of
from tests.generation.builders import ask_for

pytestmark = pytest.mark.django_db

SYSTEM = Access.system("archivist")
Commits = Callable[..., object]


def paths_of(image: Image) -> list[str]:
    return [image.path, *image.renditions.values_list("path", flat=True)]


def files_of(paths: list[str]) -> list[bool]:
    return [storage.archive_storage().exists(path) for path in paths]


def expire(image: Image, days: int = 31) -> None:
    Image.objects.filter(pk=image.pk).update(trashed_at=timezone.now() - timedelta(days=days))


def assert_archive_is_whole() -> None:
    assert list(faults_of_rows(SYSTEM)) == []
    assert list(faults_of_files(SYSTEM)) == []
    assert list(faults_of_tallies(SYSTEM)) == []


def test_a_picture_in_the_trash_is_decided_on_by_nobody(world: World) -> None:
    image = make_pending(world.pets, world.uma)
    trash_image(access=access_of(world.ada), image=image)

    with pytest.raises(InvalidTransition):
        review_image(
            access=access_of(world.rita),
            image=image,
            decision=Decision.APPROVE,
            sha256=image.sha256,
        )


def test_a_restored_picture_is_what_it_was(world: World) -> None:
    image = make_pending(world.pets, world.uma)
    trash_image(access=access_of(world.ada), image=image)

    restored = restore_image(access=access_of(world.ada), image=image)

    assert (restored.trashed_at, restored.review_status) == (None, "pending")
    assert_archive_is_whole()
    events = AuditEvent.objects.filter(action__startswith="assets.image.").order_by("pk")
    assert [event.action for event in events][-2:] == [
        "assets.image.trashed", "assets.image.restored",
    ]  # fmt: skip


def test_who_may_not_throw_a_picture_away_reads_why(world: World) -> None:
    image = make_image(world.pets, world.ada)

    with pytest.raises(NotPermitted, match="Somebody else made it"):
        trash_image(access=access_of(world.uma), image=image)


def test_rows_and_files_are_deleted_together(
    world: World, django_capture_on_commit_callbacks: Commits
) -> None:
    image = make_image(world.pets, world.uma)
    child = make_image(world.pets, world.uma, parent=image)
    paths = paths_of(image)
    trash_image(access=access_of(world.ada), image=image)

    with django_capture_on_commit_callbacks(execute=True):
        purge_images(access=access_of(world.ada), project=world.pets, images=[image])

    assert files_of(paths) == [False] * 3
    assert not PendingFile.objects.exists()
    child.refresh_from_db()
    assert child.parent is None
    assert_archive_is_whole()
    event = AuditEvent.objects.get(action="assets.image.purged")
    assert event.data["sha256"] == image.sha256


def test_what_dies_between_rows_and_files_is_finished_by_the_next_sweep(world: World) -> None:
    """In this test nothing runs after the commit, as when the process is killed there."""
    image = make_image(world.pets, world.uma)
    paths = paths_of(image)
    trash_image(access=access_of(world.ada), image=image)

    purge_images(access=access_of(world.ada), project=world.pets, images=[image])

    assert files_of(paths) == [True] * 3
    assert list(faults_of_files(SYSTEM)) == [], "they are promised to go"
    sweep_pending(access=SYSTEM, older_than=timedelta(0))
    assert files_of(paths) == [False] * 3
    assert_archive_is_whole()


def test_a_deletion_that_is_rolled_back_deletes_no_file(
    world: World, django_capture_on_commit_callbacks: Commits
) -> None:
    image = make_image(world.pets, world.uma)
    paths = paths_of(image)
    trash_image(access=access_of(world.ada), image=image)

    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        purge_images(access=access_of(world.ada), project=world.pets, images=[image])
        transaction.set_rollback(True)

    assert files_of(paths) == [True] * 3
    assert_archive_is_whole()


def test_a_file_that_the_storage_does_not_part_with_is_tried_again(
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Commits,
) -> None:
    image = make_image(world.pets, world.uma)
    trash_image(access=access_of(world.ada), image=image)
    with (
        monkeypatch.context() as stubborn,
        django_capture_on_commit_callbacks(execute=True),
    ):
        stubborn.setattr(type(storage.archive_storage()), "delete", _refuse)
        purge_images(access=access_of(world.ada), project=world.pets, images=[image])
    assert PendingFile.objects.count() == 3

    sweep_pending(access=SYSTEM, older_than=timedelta(0))

    assert_archive_is_whole()
    assert not PendingFile.objects.exists()


def test_approved_and_delivered_pictures_stay_until_somebody_lets_them_go(world: World) -> None:
    approved = decide(make_pending(world.pets, world.uma), world.rita)
    delivered = make_image(world.pets, world.uma, download_count=1)
    ada = access_of(world.ada)
    for image in (approved, delivered):
        trash_image(access=ada, image=image)
        expire(image)

    assert purge_expired(access=SYSTEM) == 0
    refused = purge_images(access=ada, project=world.pets, images=[approved, delivered])
    assert set(refused.skipped.values()) == {SkipReason.PROTECTED}

    allow_purge(access=ada, project=world.pets, images=[approved])
    assert purge_expired(access=SYSTEM) == 1
    assert list(Image.objects.all()) == [delivered]
    assert AuditEvent.objects.filter(action="assets.image.purge_allowed").count() == 1


def test_only_whoever_manages_the_project_lets_them_go(world: World) -> None:
    with pytest.raises(NotPermitted):
        allow_purge(access=access_of(world.rita), project=world.pets, images=[])
    with pytest.raises(NotPermitted):
        allow_purge(access=SYSTEM, project=world.pets, images=[])


def test_a_restored_picture_has_to_be_let_go_again(world: World) -> None:
    image = decide(make_pending(world.pets, world.uma), world.rita)
    ada = access_of(world.ada)
    trash_image(access=ada, image=image)
    allow_purge(access=ada, project=world.pets, images=[image])
    restore_image(access=ada, image=image)
    trash_image(access=ada, image=image)

    assert Image.objects.get().purge_allowed_by is None


def test_the_trash_is_emptied_when_its_days_are_over(world: World, settings: object) -> None:
    old, young = make_image(world.pets, world.uma), make_image(world.pets, world.uma)
    for image in (old, young):
        trash_image(access=access_of(world.uma), image=image)
    expire(old, days=30)
    expire(young, days=29)

    settings.TRASH_DAYS = 0  # type: ignore[attr-defined]
    assert purge_expired(access=SYSTEM) == 0
    settings.TRASH_DAYS = 30  # type: ignore[attr-defined]
    assert purge_expired(access=SYSTEM) == 1

    assert list(Image.objects.all()) == [young]


def test_requests_that_began_with_a_deleted_picture_keep_their_rows(world: World) -> None:
    image = make_image(world.pets, world.uma)
    request = ask_for(world.pets, world.uma)
    GenerationRequest.objects.filter(pk=request.pk).update(
        input_image=image, input_uid=image.uid, parent_image=image
    )
    trash_image(access=access_of(world.ada), image=image)

    purge_images(access=access_of(world.ada), project=world.pets, images=[image])

    request.refresh_from_db()
    assert (request.input_image, request.parent_image) == (None, None)
    assert request.input_uid == image.uid


def _refuse(*_args: object) -> None:
    raise PermissionError("read-only file system")
