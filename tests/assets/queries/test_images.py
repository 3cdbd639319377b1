from uuid import uuid4

import pytest

from accounts.errors import NotVisible
from assets.actions.reviewing import submit_image
from assets.queries.images import image_for, original_of, rendition_for, reviews_of
from assets.types import Decision
from tests.assets.builders import decide, make_image, make_pending
from tests.builders import access_of


def test_an_image_comes_with_its_project_organization_and_maker_in_one_query(
    world, django_assert_num_queries
):
    uid = make_image(world.pets, world.uma).uid
    access = access_of(world.paul)

    with django_assert_num_queries(1):
        image = image_for(access, uid)
        assert (image.project.organization.name, image.created_by.name) == (
            "Lantern 灯笼",
            "Uma",
        )


def test_strangers_and_members_of_other_projects_do_not_see_it(world):
    image = make_image(world.products, world.uma)

    for person in (world.mallory, world.paul):
        with pytest.raises(NotVisible):
            image_for(access_of(person), image.uid)
        with pytest.raises(NotVisible):
            rendition_for(access_of(person), image.uid, "thumb")
    with pytest.raises(NotVisible):
        image_for(access_of(world.uma), uuid4())


def test_files_say_what_a_browser_needs(world, django_assert_num_queries):
    image = make_image(world.pets, world.uma)
    access = access_of(world.uma)

    original = original_of(image)
    with django_assert_num_queries(1):
        thumb = rendition_for(access, image.uid, "thumb")

    assert (original.etag, original.content_type) == (image.sha256, "image/png")
    assert (thumb.etag, thumb.content_type) == (f"{image.sha256}-thumb", "image/webp")
    assert thumb.path.endswith("-thumb.webp")
    with pytest.raises(NotVisible):
        rendition_for(access, image.uid, "poster")


def test_decisions_come_newest_first_with_who_decided(world):
    image = make_pending(world.pets, world.uma)
    decide(image, world.rita, Decision.REQUEST_CHANGES, "Less blue.")
    submit_image(access=access_of(world.uma), image=image)
    decide(image, world.ada, Decision.APPROVE, "")

    decisions = reviews_of(access_of(world.uma), image)

    assert [(each.reviewer.name, each.comment) for each in decisions] == [
        ("Ada", ""),
        ("Rita", "Less blue."),
    ]
    assert not reviews_of(access_of(world.mallory), image)
