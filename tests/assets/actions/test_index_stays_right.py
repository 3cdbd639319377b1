"""Whatever is done to pictures, the search index says the same as their rows."""

from __future__ import annotations

import pytest

from accounts.access import Access
from assets.actions.collecting import collect_images, uncollect_images
from assets.actions.collections import create_collection, delete_collection, restore_collection
from assets.actions.commenting import remove_comment, write_comment
from assets.actions.duplicates import keep_all
from assets.actions.indexing import index_images
from assets.actions.marking import rate_images, star_images
from assets.actions.moving import move_images
from assets.actions.rebuilding import compare_index
from assets.actions.tagging import tag_images, untag_images
from assets.actions.tags import merge_tags, rename_tag, restore_tags
from assets.actions.trashing import purge_images, restore_images, trash_images
from assets.actions.using import record_uses
from assets.models import Image, NearDuplicate, Tag
from assets.types import UseKind
from tests.assets.builders import make_image, make_pending
from tests.builders import World, access_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def related(world: World) -> list[Image]:
    """A picture, one made from it, and one that looks like that one."""
    first = make_image(world.pets, world.uma, prompt="一只熊猫")
    second = make_image(world.pets, world.uma, prompt="一只红色的熊猫")
    third = make_image(world.pets, world.uma, prompt="another panda")
    Image.objects.filter(pk=second.pk).update(parent=first)
    NearDuplicate.objects.all().delete()
    NearDuplicate.objects.create(project=world.pets, first=second, second=third, distance=2)
    index_images(image_ids=[first.pk, second.pk, third.pk])
    return list(Image.objects.order_by("pk"))


def assert_right() -> None:
    findings = list(compare_index(access=Access.system("tests")))[-1]
    assert findings.is_right, findings


def test_after_tagging(world: World, related: list[Image]) -> None:
    place = {"access": access_of(world.uma), "project": world.pets}
    tag_images(**place, images=related, names=["hero", "春节"])
    assert_right()
    untag_images(**place, images=related[:1], names=["hero"])
    assert_right()
    admin = access_of(world.ada)
    rename_tag(access=admin, tag=Tag.objects.get(name="hero"), name="banner")
    assert_right()
    into, source = Tag.objects.order_by("pk")
    undoable = merge_tags(access=admin, sources=[source], into=into)
    assert_right()
    restore_tags(access=admin, undoable=undoable)
    assert_right()


def test_after_collecting(world: World, related: list[Image]) -> None:
    access = access_of(world.uma)
    collection = create_collection(access=access, project=world.pets, name="春季")
    collect_images(access=access, collection=collection, images=related)
    assert_right()
    uncollect_images(access=access, collection=collection, images=related[:1])
    assert_right()
    undoable = delete_collection(access=access, collection=collection)
    assert_right()
    restore_collection(access=access, undoable=undoable)
    assert_right()


def test_after_marks_comments_and_uses(world: World, related: list[Image]) -> None:
    access = access_of(world.uma)
    star_images(access=access, project=world.pets, images=related, starred=True)
    rate_images(access=access, project=world.pets, images=related[:2], rating=4)
    assert_right()
    comment = write_comment(access=access, image=related[0], text="很好")
    assert_right()
    remove_comment(access=access, comment=comment)
    record_uses(access=access, images=related, kind=UseKind.DOWNLOAD)
    assert_right()


def test_after_throwing_away_and_bringing_back(world: World, related: list[Image]) -> None:
    """Those that are left are parents no more, and look like nothing else."""
    access = access_of(world.ada)
    trash_images(access=access, project=world.pets, images=related[1:2])
    assert_right()
    restore_images(access=access, project=world.pets, images=related[1:2])
    assert_right()
    trash_images(access=access, project=world.pets, images=related[1:2])
    purge_images(access=access, project=world.pets, images=related[1:2])
    assert Image.objects.count() == 2
    assert_right()


def test_after_moving_and_deciding_about_duplicates(world: World, related: list[Image]) -> None:
    access = access_of(world.ada)
    make_pending(world.pets, world.uma)
    keep_all(access=access, project=world.pets, images=related[1:])
    assert_right()
    NearDuplicate.objects.update(decision="open")
    index_images(image_ids=[image.pk for image in related])
    move_images(access=access, project=world.pets, target=world.products, images=related[1:2])
    assert not NearDuplicate.objects.filter(first=related[1], second=related[2]).exists()
    assert_right()
