"""A picture's settings, or a part of them, used again."""

from __future__ import annotations

import re

import pytest

from assets.models import Image, ImageUse
from assets.types import UseKind
from generation.models import GenerationRequest
from tests.assets.builders import make_image
from tests.builders import World
from tests.generation.builders import make_model
from tests.generation.views.test_asking import address, filled

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def model():
    return make_model("Z-Image-Turbo", is_default=True)


@pytest.fixture
def image(world: World) -> Image:
    return make_image(world.pets, world.uma, prompt="a red fox", seed=77, size=(512, 256))


def form_for(client, world: World, image: Image, keep: str | None = None):
    query = {"from": image.uid} | ({"keep": keep} if keep else {})
    return client.get(address(world.pets), query).context["form"]


def said(form, *names: str) -> dict[str, object]:
    return {name: form[name].value() for name in names}


@pytest.mark.parametrize("keep", [None, "all"])
def test_all_settings(world, client_for, image, keep) -> None:
    form = form_for(client_for(world.uma), world, image, keep)

    assert said(form, "prompt", "seed", "random_seed", "width", "recalled", "parent") == {
        "prompt": "a red fox",
        "seed": 77,
        "random_seed": False,
        "width": 512,
        "recalled": str(image.uid),
        "parent": str(image.uid),
    }


def test_all_but_the_seed(world, client_for, image) -> None:
    form = form_for(client_for(world.uma), world, image, "no-seed")

    assert said(form, "prompt", "seed", "random_seed", "width") == {
        "prompt": "a red fox",
        "seed": None,
        "random_seed": True,
        "width": 512,
    }


def test_only_the_seed_leaves_the_words_to_the_draft(world, client_for, image) -> None:
    form = form_for(client_for(world.uma), world, image, "seed")

    assert said(form, "prompt", "seed", "random_seed", "parent", "recalled") == {
        "prompt": None,
        "seed": 77,
        "random_seed": False,
        "parent": None,
        "recalled": str(image.uid),
    }


def test_only_the_prompts(world, client_for, image) -> None:
    form = form_for(client_for(world.uma), world, image, "prompts")

    assert said(form, "prompt", "negative_prompt", "seed", "parent") == {
        "prompt": "a red fox",
        "negative_prompt": "低质量，模糊",
        "seed": None,
        "parent": str(image.uid),
    }
    assert form["width"].value() != 512


@pytest.mark.parametrize(
    ("keep", "unknown"),
    [("all", ["steps", "CFG", "seed"]), ("no-seed", ["steps", "CFG"]), ("seed", ["seed"])],
)
def test_what_an_imported_picture_does_not_tell_is_said(
    world, client_for, image, keep, unknown
) -> None:
    Image.objects.filter(pk=image.pk).update(seed=None, steps=None, cfg=None)

    page = client_for(world.uma).get(address(world.pets), {"from": image.uid, "keep": keep})
    form = page.context["form"]

    told = [str(each) for each in page.context["start"].left_out if "not recorded" in str(each)]
    assert len(told) == len(unknown)
    assert all(word in sentence for word, sentence in zip(unknown, told, strict=True))
    assert form["random_seed"].value() is True
    assert form["steps"].value() == form.model.default_steps


def test_a_part_that_does_not_exist_is_not_there(world, client_for, image) -> None:
    answer = client_for(world.uma).get(address(world.pets), {"from": image.uid, "keep": "hair"})

    assert answer.status_code == 404


def test_asking_with_it_counts_as_a_use_of_the_picture(world, client_for, image) -> None:
    client = client_for(world.uma)

    client.post(address(world.pets), filled(count="1", recalled=str(image.uid)))

    use = ImageUse.objects.get()
    request = GenerationRequest.objects.get()
    assert (use.image_id, use.kind, use.request_id) == (image.pk, UseKind.RECALL, request.pk)
    image.refresh_from_db()
    assert image.reuse_count == 1


def test_a_picture_that_is_gone_or_foreign_is_not_counted(world, client_for) -> None:
    foreign = make_image(world.harbour_project, world.mallory)

    answer = client_for(world.uma).post(
        address(world.pets), filled(count="1", recalled=str(foreign.uid))
    )

    assert answer.status_code == 302
    assert not ImageUse.objects.exists()


def test_the_form_keeps_it_when_something_has_to_be_corrected(world, client_for, image) -> None:
    answer = client_for(world.uma).post(
        address(world.pets), filled(width="7", recalled=str(image.uid))
    )

    assert answer.status_code == 422
    assert re.search(rf'name="recalled" value="{image.uid}"', answer.content.decode())
