"""Deciding about pictures that look alike, and taking it back."""

from __future__ import annotations

import pytest

from accounts.errors import InvalidInput, NotVisible
from accounts.models import AuditEvent
from assets.actions.collecting import collect_images
from assets.actions.collections import create_collection
from assets.actions.duplicates import ask_again, keep_all, keep_one
from assets.actions.marking import rate_images, star_images
from assets.actions.tagging import tag_images
from assets.models import (
    CollectionItem,
    Image,
    ImageComment,
    ImageMark,
    ImageTag,
    NearDuplicate,
    Operation,
)
from assets.operations.asks import Chosen
from assets.operations.ordering import begin, take_back
from assets.queries.duplicates import groups_of
from assets.types import DuplicateDecision, OperationKind, SkipReason
from tests.assets.builders import decide, make_image, make_pending
from tests.assets.pictures import painted
from tests.builders import World, access_of


@pytest.fixture
def alike(world: World) -> list[Image]:
    """Three pictures of Uma's that look the same."""
    return [make_image(world.pets, world.uma, picture=painted(1)) for _ in range(3)]


def merge(world: World, kept: Image, others: list[Image], person=None) -> Operation:
    return begin(
        access=access_of(person or world.uma),
        project=world.pets,
        kind=OperationKind.MERGE,
        chosen=Chosen(ids=tuple(image.pk for image in others)),
        arguments={"kept": kept.pk},
    )


def people_do_things(world: World, kept: Image, other: Image) -> None:
    """What goes over: Uma has marked both, Rita only the other one."""
    uma, rita, pets = access_of(world.uma), access_of(world.rita), world.pets
    tag_images(access=uma, project=pets, images=[kept], names=["hero"])
    tag_images(access=uma, project=pets, images=[other], names=["hero", "冬"])
    collection = create_collection(access=uma, project=pets, name="Best")
    collect_images(access=uma, collection=collection, images=[other])
    star_images(access=uma, project=pets, images=[other], starred=True)
    rate_images(access=uma, project=pets, images=[kept], rating=2)
    rate_images(access=uma, project=pets, images=[other], rating=5)
    rate_images(access=rita, project=pets, images=[other], rating=4)
    for image, text in ((other, "Lovely"), (kept, "Mine")):
        ImageComment.objects.create(image=image, author=world.rita, text=text)
        Image.objects.filter(pk=image.pk).update(comment_count=1)


def everything(image: Image) -> dict[str, object]:
    image.refresh_from_db()
    return {
        "tags": sorted(ImageTag.objects.filter(image=image).values_list("tag__name", flat=True)),
        "collections": list(
            CollectionItem.objects.filter(image=image).values_list("collection__name", flat=True)
        ),
        "marks": sorted(
            ImageMark.objects.filter(image=image).values_list("user__name", "is_starred", "rating")
        ),
        "comments": sorted(ImageComment.objects.filter(image=image).values_list("text", flat=True)),
        "sums": (image.rating, image.rating_count, image.comment_count),
        "trashed": image.trashed_at is not None,
    }


def test_what_people_did_goes_over_to_the_one_that_is_kept(world: World, alike) -> None:
    kept, other, third = alike
    people_do_things(world, kept, other)
    operation = merge(world, kept, [other, third])
    assert (operation.done, operation.skipped) == (2, 0)
    assert everything(kept) == {
        "tags": ["hero", "冬"],
        "collections": ["Best"],
        "marks": [("Rita", False, 4), ("Uma", True, 2)],
        "comments": ["Lovely", "Mine"],
        "sums": (3.0, 2, 2),
        "trashed": False,
    }
    assert everything(other)["trashed"]
    assert set(NearDuplicate.objects.values_list("decision", flat=True)) == {"merged"}
    assert AuditEvent.objects.filter(action="assets.duplicates.merged").count() == 1
    assert groups_of(access_of(world.uma), world.pets.pk).groups == []


def test_taking_it_back_puts_everything_where_it_was(world: World, alike) -> None:
    kept, other, third = alike
    people_do_things(world, kept, other)
    before = [everything(image) for image in alike]
    operation = merge(world, kept, [other, third])
    undoing = take_back(access=access_of(world.uma), operation=operation)
    assert undoing.done == 2
    assert [everything(image) for image in alike] == before
    assert set(NearDuplicate.objects.values_list("decision", flat=True)) == {"open"}


def test_what_was_changed_meanwhile_is_not_taken_back(world: World, alike) -> None:
    kept, other, _third = alike
    people_do_things(world, kept, other)
    operation = merge(world, kept, [other])
    rate_images(access=access_of(world.rita), project=world.pets, images=[kept], rating=1)
    take_back(access=access_of(world.uma), operation=operation)
    assert ("Rita", False, 1) in everything(kept)["marks"]


def test_a_picture_that_may_not_be_thrown_away_stays_as_it_is(world: World) -> None:
    mine = make_image(world.pets, world.uma, picture=painted(1))
    theirs = make_image(world.pets, world.rita, picture=painted(1))
    approved = decide(make_pending(world.pets, world.uma, picture=painted(1)), world.rita)
    tag_images(access=access_of(world.rita), project=world.pets, images=[theirs], names=["x"])
    operation = merge(world, mine, [theirs, approved])
    assert (operation.done, operation.skipped) == (0, 2)
    reasons = set(operation.items.values_list("reason", flat=True))
    assert reasons == {SkipReason.NOT_PERMITTED, SkipReason.APPROVED}
    assert everything(mine)["tags"] == []
    assert merge(world, mine, [theirs, approved], world.ada).done == 2


def test_the_kept_one_has_to_be_there(world: World, alike) -> None:
    kept, other, _third = alike
    Image.objects.filter(pk=kept.pk).update(project=world.products)
    with pytest.raises(InvalidInput):
        merge(world, kept, [other])
    outcome = keep_one(
        access=access_of(world.uma), project=world.pets, kept=kept, others=[kept, other]
    )
    assert outcome.skipped == {other.pk: SkipReason.TARGET_GONE}
    assert not everything(other)["trashed"]


def test_keeping_all_is_remembered_and_can_be_taken_back(world: World, alike) -> None:
    uma = access_of(world.uma)
    assert len(keep_all(access=uma, project=world.pets, images=alike[:2])) == 1
    pair = NearDuplicate.objects.get(decision=DuplicateDecision.KEPT)
    assert (pair.decided_by, pair.decided_at is None) == (world.uma, False)
    assert len(keep_all(access=uma, project=world.pets, images=alike)) == 2
    assert groups_of(uma, world.pets.pk).groups == []
    assert keep_all(access=uma, project=world.pets, images=alike) == []
    ask_again(access=uma, project=world.pets, images=alike)
    assert len(groups_of(uma, world.pets.pk).groups[0].images) == 3
    assert not NearDuplicate.objects.filter(decided_by__isnull=False).exists()
    actions = AuditEvent.objects.filter(action__startswith="assets.duplicates")
    assert [event.action.rpartition(".")[2] for event in actions.order_by("pk")] == [
        "kept_apart",
        "kept_apart",
        "asked_again",
    ]


def test_strangers_decide_nothing(world: World, alike) -> None:
    mallory = access_of(world.mallory)
    for decide_about in (keep_all, ask_again):
        with pytest.raises(NotVisible):
            decide_about(access=mallory, project=world.pets, images=alike)
    with pytest.raises(NotVisible):
        keep_one(access=mallory, project=world.pets, kept=alike[0], others=alike[1:])
