"""Comments: who may write, change and remove them, and that a removal can be taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.access import Access
from accounts.errors import InvalidInput, InvalidTransition, NotPermitted, NotVisible
from accounts.models import AuditEvent
from accounts.roles import SCOPE_PERMISSIONS, Scope
from assets.actions.commenting import (
    edit_comment,
    remove_comment,
    restore_comment,
    write_comment,
)
from assets.models import Image
from assets.policies import COMMENT_LIMIT
from assets.queries.comments import comments_of, conversation_of
from tests.assets.builders import make_image
from tests.builders import access_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def image(world):
    return make_image(world.pets, world.uma)


def count_on(image):
    return Image.objects.get(pk=image.pk).comment_count


def test_a_comment_is_written_counted_and_recorded(world, image) -> None:
    comment = write_comment(access=access_of(world.rita), image=image, text="  光线很好 \n")

    assert (comment.author, comment.text) == (world.rita, "光线很好")
    assert count_on(image) == 1
    event = AuditEvent.objects.get(action="assets.comment.written")
    assert (event.actor_id, event.project_id) == (world.rita.pk, world.pets.pk)
    assert event.data == {"image": str(image.uid)}


@pytest.mark.parametrize("text", ["", "  \n ", "\0", "x" * (COMMENT_LIMIT + 1)])
def test_nothing_and_too_much_are_refused_beside_the_field(world, image, text) -> None:
    with pytest.raises(InvalidInput) as refusal:
        write_comment(access=access_of(world.uma), image=image, text=text)

    assert refusal.value.field == "text"
    assert count_on(image) == 0


def test_strangers_programs_that_only_read_and_processes_may_not_write(world, image) -> None:
    reading = access_of(world.uma).limited_to(SCOPE_PERMISSIONS[Scope.READ])

    for access, refusal in (
        (access_of(world.mallory), NotVisible),
        (reading, NotPermitted),
        (Access.system("worker"), NotPermitted),
    ):
        with pytest.raises(refusal):
            write_comment(access=access, image=image, text="Hello")


def test_only_the_author_edits_and_the_comment_says_so(world, image) -> None:
    comment = write_comment(access=access_of(world.uma), image=image, text="To warm")

    with pytest.raises(NotPermitted):
        edit_comment(access=access_of(world.ada), comment=comment, text="Mine now")
    edit_comment(access=access_of(world.uma), comment=comment, text="Too warm")

    comment.refresh_from_db()
    assert comment.text == "Too warm"
    assert comment.edited_at is not None


def test_saving_without_a_change_is_no_edit(world, image) -> None:
    comment = write_comment(access=access_of(world.uma), image=image, text="Too warm")

    edit_comment(access=access_of(world.uma), comment=comment, text=" Too warm ")

    assert comment.edited_at is None
    assert not AuditEvent.objects.filter(action="assets.comment.edited").exists()


def test_a_removed_comment_comes_back(world, image) -> None:
    uma = access_of(world.uma)
    comment = write_comment(access=uma, image=image, text="Too warm")

    remove_comment(access=uma, comment=comment)
    assert count_on(image) == 0
    assert not comments_of(uma, image).exists()

    restore_comment(access=uma, comment=comment)
    assert count_on(image) == 1
    assert comments_of(uma, image).get().text == "Too warm"


def test_what_is_removed_is_shown_to_its_author_alone_and_for_a_while(world, image) -> None:
    uma, rita = access_of(world.uma), access_of(world.rita)
    comment = write_comment(access=uma, image=image, text="Too warm")
    remove_comment(access=uma, comment=comment)

    assert conversation_of(uma, image).get() == comment
    assert not conversation_of(rita, image).exists()

    comment.removed_at = timezone.now() - timedelta(hours=1)
    comment.save(update_fields=["removed_at"])
    assert not conversation_of(uma, image).exists()


def test_a_second_removal_or_restoration_is_told(world, image) -> None:
    uma = access_of(world.uma)
    comment = write_comment(access=uma, image=image, text="Too warm")

    with pytest.raises(InvalidTransition):
        restore_comment(access=uma, comment=comment)
    remove_comment(access=uma, comment=comment)
    with pytest.raises(InvalidTransition):
        remove_comment(access=uma, comment=comment)
    with pytest.raises(InvalidTransition):
        edit_comment(access=uma, comment=comment, text="Still there?")

    assert count_on(image) == 0


def test_a_picture_in_the_trash_is_not_talked_about(world, image) -> None:
    uma = access_of(world.uma)
    comment = write_comment(access=uma, image=image, text="Too warm")
    Image.objects.filter(pk=image.pk).update(trashed_at=timezone.now())

    with pytest.raises(InvalidTransition):
        write_comment(access=uma, image=image, text="Hello")
    with pytest.raises(InvalidTransition):
        remove_comment(access=uma, comment=comment)

    assert count_on(image) == 1


def test_the_maker_and_those_who_have_spoken_are_told(
    world, image, monkeypatch, django_capture_on_commit_callbacks
) -> None:
    told = []
    monkeypatch.setattr("accounts.live.tell_all", lambda people, news: told.append((people, news)))
    write_comment(access=access_of(world.ada), image=image, text="First")

    with django_capture_on_commit_callbacks(execute=True):
        write_comment(access=access_of(world.rita), image=image, text="Second")

    everybody = sorted([world.uma.pk, world.ada.pk, world.rita.pk])
    assert told == [(everybody, {"type": "comment", "image": str(image.uid)})]
