"""Tags: on images, off images, renamed, merged, deleted and brought back."""

from __future__ import annotations

import pytest

from accounts.errors import (
    InvalidInput,
    InvalidTransition,
    LimitExceeded,
    NotPermitted,
    NotVisible,
)
from accounts.models import AuditEvent
from accounts.roles import SCOPE_PERMISSIONS, Scope
from assets.actions import tagging
from assets.actions.tagging import tag_each, tag_images, untag_images
from assets.actions.tags import delete_tag, delete_unused_tags, merge_tags, rename_tag
from assets.actions.undoing import undo
from assets.models import Image, ImageTag, Operation, Tag
from tests.assets.builders import make_image
from tests.builders import access_of
from tests.concurrency import at_once


def tags_of(image: Image) -> list[str]:
    return sorted(ImageTag.objects.filter(image=image).values_list("tag__name", flat=True))


def tag(world, images, *names, person=None):
    return tag_images(
        access=access_of(person or world.uma), project=world.pets, images=images, names=names
    )


def test_one_call_tags_many_images_and_says_what_was_new(world):
    first, second = (make_image(world.pets, world.uma) for _ in range(2))
    tag(world, [first], "hero")

    tagged = tag(world, [first, second], "hero", "秋天")

    assert tagged.added == {first.pk: ("秋天",), second.pk: ("hero", "秋天")}
    assert (tags_of(first), tags_of(second)) == (["hero", "秋天"], ["hero", "秋天"])
    event = AuditEvent.objects.filter(action="assets.tags.added").latest("pk")
    assert (event.project_id, event.data) == (world.pets.pk, {"tags": "hero, 秋天", "images": 2})


def test_names_that_read_the_same_are_the_same_tag(world):
    image = make_image(world.pets, world.uma)

    tag(world, [image], "Hero")
    tag(world, [image], "  hero ", "#HERO", "ＨＥＲＯ")
    tag(world, [image], "繁體", "繁体")

    assert tags_of(image) == ["Hero", "繁體"]


@pytest.mark.parametrize("name", ["", "  ", "#", "a" * 61, "a, b", "猫，狗", 'so "called"', "…"])
def test_what_cannot_be_a_tag_is_refused_and_changes_nothing(world, name):
    image = make_image(world.pets, world.uma)
    if name == "…":
        tag(world, [image], name)
        assert tags_of(image) == ["…"]
        return

    with pytest.raises(InvalidInput) as refusal:
        tag(world, [image], "good", name)

    assert refusal.value.field == "name"
    assert not Tag.objects.exists()


def test_the_number_of_queries_does_not_depend_on_the_number_of_images(
    world, django_assert_num_queries
):
    images = [make_image(world.pets, world.uma) for _ in range(6)]
    access = access_of(world.uma)

    def queries_for(several, name):
        with django_assert_num_queries(18):
            tag_images(access=access, project=world.pets, images=several, names=[name])

    queries_for(images[:1], "one")
    queries_for(images, "many")


def test_an_image_with_too_many_tags_is_left_alone_and_named(world, monkeypatch):
    monkeypatch.setattr(tagging, "TAGS_OF_AN_IMAGE", 2)
    full, fresh = (make_image(world.pets, world.uma) for _ in range(2))
    tag(world, [full], "a", "b")

    tagged = tag(world, [full, fresh], "b", "c")

    assert tagged.full == {full.pk}
    assert (tags_of(full), tags_of(fresh)) == (["a", "b"], ["b", "c"])


def test_a_project_has_so_many_tags_and_no_more(world, monkeypatch):
    monkeypatch.setattr(tagging, "TAGS_OF_A_PROJECT", 1)
    image = make_image(world.pets, world.uma)
    tag(world, [image], "a")

    with pytest.raises(LimitExceeded):
        tag(world, [image], "b")


def test_untagging_says_which_tags_each_image_had_and_they_can_be_put_back(world):
    first, second = (make_image(world.pets, world.uma) for _ in range(2))
    tag(world, [first], "hero", "dog")
    tag(world, [second], "dog")
    access = access_of(world.uma)

    removed = untag_images(
        access=access, project=world.pets, images=[first, second], names=["HERO", "dog", "no"]
    )
    assert {key: sorted(names) for key, names in removed.items()} == {
        first.pk: ["dog", "hero"],
        second.pk: ["dog"],
    }
    assert tags_of(first) == tags_of(second) == []

    tag_each(access=access, project=world.pets, names=removed)
    assert (tags_of(first), tags_of(second)) == (["dog", "hero"], ["dog"])


def test_an_operation_leaves_the_audit_row_to_itself(world):
    image = make_image(world.pets, world.uma)

    tag_images(
        access=access_of(world.uma),
        project=world.pets,
        images=[image],
        names=["a"],
        by_operation=True,
    )

    assert not AuditEvent.objects.filter(action__startswith="assets.tags").exists()


def test_renaming_keeps_the_uses_and_refuses_a_name_that_is_taken(world):
    image = make_image(world.pets, world.uma)
    tag(world, [image], "heroo", "dog")
    access = access_of(world.uma)
    wrong = Tag.objects.get(name="heroo")

    rename_tag(access=access, tag=wrong, name="Hero")
    assert tags_of(image) == ["Hero", "dog"]

    with pytest.raises(InvalidInput) as refusal:
        rename_tag(access=access, tag=wrong, name="DOG")
    assert refusal.value.code == "name_taken"


def test_the_second_of_two_who_rename_a_tag_is_told(world):
    tag(world, [make_image(world.pets, world.uma)], "a")
    hers, his = Tag.objects.get(), Tag.objects.get()
    rename_tag(access=access_of(world.uma), tag=hers, name="b")

    with pytest.raises(InvalidTransition):
        rename_tag(access=access_of(world.rita), tag=his, name="c")


def test_merging_keeps_the_uses_of_all_and_can_be_taken_back(world):
    first, second, third = (make_image(world.pets, world.uma) for _ in range(3))
    tag(world, [first, second], "dog")
    tag(world, [second, third], "dogs")
    tag(world, [third], "hounds", person=world.rita)
    access = access_of(world.uma)

    undoable = merge_tags(
        access=access,
        sources=Tag.objects.filter(name__in=["dogs", "hounds"]),
        into=Tag.objects.get(name="dog"),
    )
    assert [tags_of(each) for each in (first, second, third)] == [["dog"], ["dog"], ["dog"]]
    assert sorted(Tag.objects.values_list("name", flat=True)) == ["dog"]

    undo(access=access, undoable=undoable)
    assert [tags_of(each) for each in (first, second, third)] == [
        ["dog"],
        ["dog", "dogs"],
        ["dogs", "hounds"],
    ]
    assert ImageTag.objects.get(tag__name="hounds").added_by == world.rita
    with pytest.raises(InvalidTransition):
        undo(access=access, undoable=undoable)


def test_a_deleted_tag_comes_back_on_the_images_that_are_left(world):
    stays, goes = (make_image(world.pets, world.uma) for _ in range(2))
    tag(world, [stays, goes], "dog")
    access = access_of(world.uma)

    undoable = delete_tag(access=access, tag=Tag.objects.get())
    assert tags_of(stays) == []
    Image.objects.filter(pk=goes.pk).delete()
    undo(access=access, undoable=undoable)

    assert tags_of(stays) == ["dog"]


def test_only_tags_without_use_are_cleaned_up(world):
    image = make_image(world.pets, world.uma)
    tag(world, [image], "used", "left over")
    access = access_of(world.uma)
    untag_images(access=access, project=world.pets, images=[image], names=["left over"])

    assert delete_unused_tags(access=access, project=world.pets) == 1
    assert [each.name for each in Tag.objects.all()] == ["used"]
    assert delete_unused_tags(access=access, project=world.pets) == 0


def test_a_word_of_very_many_images_is_indexed_in_the_background(world, monkeypatch):
    monkeypatch.setattr("assets.actions.indexing_many.INDEXED_AT_ONCE", 1)
    images = [make_image(world.pets, world.uma) for _ in range(2)]
    tag(world, images, "dog")

    rename_tag(access=access_of(world.uma), tag=Tag.objects.get(), name="dogs")

    operation = Operation.objects.get()
    assert (operation.kind, operation.arguments) == (
        "index",
        {"images": sorted(image.pk for image in images)},
    )


def test_images_of_another_project_are_refused(world):
    image = make_image(world.products, world.uma)

    with pytest.raises(InvalidInput):
        tag(world, [image], "dog")
    tag_each(access=access_of(world.uma), project=world.pets, names={image.pk: ["dog"]})

    assert tags_of(image) == []


def test_strangers_and_tokens_without_the_scope_change_nothing(world):
    image = make_image(world.pets, world.uma)
    tag(world, [image], "dog")
    the_tag = Tag.objects.get()
    reader = access_of(world.uma).limited_to(SCOPE_PERMISSIONS[Scope.READ])

    for access, refusal in ((access_of(world.mallory), NotVisible), (reader, NotPermitted)):
        options = {"access": access, "project": world.pets}
        with pytest.raises(refusal):
            tag_images(**options, images=[image], names=["cat"])
        with pytest.raises(refusal):
            untag_images(**options, images=[image], names=["dog"])
        with pytest.raises(refusal):
            rename_tag(access=access, tag=the_tag, name="cat")
        with pytest.raises(refusal):
            merge_tags(access=access, sources=[the_tag], into=the_tag)
        with pytest.raises(refusal):
            delete_tag(access=access, tag=the_tag)
        with pytest.raises(refusal):
            delete_unused_tags(**options)

    assert tags_of(image) == ["dog"]


@pytest.mark.django_db(transaction=True)
def test_two_who_make_the_same_tag_at_once_get_one(world):
    images = [make_image(world.pets, world.uma) for _ in range(2)]
    people = [world.uma, world.rita]

    at_once(2, lambda number: tag(world, [images[number]], "dog", person=people[number]))

    assert Tag.objects.count() == 1
    assert [tags_of(image) for image in images] == [["dog"], ["dog"]]
