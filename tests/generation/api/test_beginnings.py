"""LoRAs and a picture to begin with, through the API."""

from __future__ import annotations

import pytest

from accounts.roles import Scope
from generation.models import GenerationRequest, ModelVersion
from tests.assets.builders import make_image
from tests.callers import assert_refused, program_of
from tests.generation.builders import make_lora, make_model, make_runner, run_all

pytestmark = pytest.mark.django_db

DOG = {"prompt": "一只金毛犬，坐在草地上", "width": 128, "height": 128, "steps": 2, "seed": 7}


@pytest.fixture
def model(world) -> ModelVersion:
    return make_model("Z-Image-Turbo", is_default=True)


@pytest.fixture
def uma(world, model):
    return program_of(world.uma, world.lantern)


def ask(world, uma, **changes: object):
    return uma.call("post", f"/projects/{world.pets.pk}/requests/", {**DOG, **changes})


def test_loras_are_listed_with_what_a_program_needs(world, uma) -> None:
    lora = make_lora(trigger_words="水彩", default_weight=0.7)
    make_lora("old", is_enabled=False)

    [shown] = uma.call("get", "/loras/").json()["items"]

    assert shown == {
        "id": lora.pk,
        "name": "watercolour",
        "trigger_words": "水彩",
        "default_weight": 0.7,
        "engine": "preview",
        "sha256": lora.sha256,
    }


def test_listing_loras_needs_the_scope(world) -> None:
    review_only = program_of(world.rita, world.lantern, Scope.REVIEW)

    assert_refused(review_only.call("get", "/loras/"), 403, code="scope_missing")


def test_models_say_what_they_do_with_a_picture(world, uma) -> None:
    make_model("Z-Image-Omni-Base")
    make_model("Sketch", takes_input_image=False)

    shown = uma.call("get", "/model-versions/").json()["items"]

    assert {each["name"]: each["input_use"] for each in shown} == {
        "Z-Image-Turbo": "begins",
        "Z-Image-Omni-Base": "edits",
        "Sketch": "",
    }


def test_what_was_asked_comes_back_and_can_be_asked_again(world, uma) -> None:
    image, lora = make_image(world.pets, world.paul), make_lora(default_weight=0.7)

    asked = ask(
        world,
        uma,
        input_image=str(image.uid),
        strength=0.35,
        loras=[{"lora": lora.pk}],
    ).json()

    assert (asked["input_image"], asked["strength"]) == (str(image.uid), 0.35)
    assert asked["parent"] == str(image.uid)
    [chosen] = asked["loras"]
    assert chosen == {
        "lora": lora.pk,
        "name": "watercolour",
        "weight": 0.7,
        "sha256": lora.sha256,
    }
    again = [{"lora": chosen["lora"], "weight": 0.5}]
    second = ask(world, uma, input_image=asked["input_image"], strength=0.5, loras=again).json()
    assert second["loras"][0]["weight"] == 0.5


@pytest.mark.django_db(transaction=True)
def test_the_image_names_its_beginnings(world, uma) -> None:
    image, lora = make_image(world.pets, world.paul), make_lora()
    ask(world, uma, input_image=str(image.uid), loras=[{"lora": lora.pk, "weight": 0.5}])

    run_all(make_runner())

    [made] = [
        each
        for each in uma.call("get", f"/projects/{world.pets.pk}/images/").json()["items"]
        if each["uid"] != str(image.uid)
    ]
    record = uma.call("get", f"/images/{made['uid']}/").json()["metadata"]
    assert record["origin"]["input_image"]["id"] == str(image.uid)
    assert record["origin"]["strength"] == 0.6
    assert record["model"]["loras"][0]["weight"] == 0.5


def test_what_is_usual_is_taken_where_nothing_is_said(world, uma) -> None:
    image, omni = make_image(world.pets, world.uma), make_model("Z-Image-Omni-Base")

    plain = ask(world, uma).json()
    begun = ask(world, uma, input_image=str(image.uid)).json()
    changed = ask(world, uma, input_image=str(image.uid), model_version=omni.pk).json()

    assert (plain["input_image"], plain["strength"], plain["loras"]) == (None, 1.0, [])
    assert begun["strength"] == 0.6
    assert changed["strength"] == 1.0


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"strength": 0.5}, "strength"),
        ({"input_image": "not-a-uid"}, "input_image"),
        ({"input_image": "00000000-0000-0000-0000-000000000000"}, "input_image"),
        ({"loras": [{"lora": 424242}]}, "loras"),
        ({"loras": [{"lora": 1, "weight": 9}]}, "loras.0.weight"),
        ({"loras": [{"lora": "x"}]}, "loras.0.lora"),
        ({"loras": [{"name": "watercolour"}]}, "loras.0.name"),
        ({"loras": "watercolour"}, "loras"),
        ({"loras": [{"lora": number} for number in range(1, 5)]}, "loras"),
    ],
    ids=str,
)
def test_what_cannot_be_is_refused_by_its_name(world, uma, body, field) -> None:
    refusal = ask(world, uma, **body)

    fault = assert_refused(refusal, refusal.status_code)
    assert refusal.status_code in {400, 422}
    assert fault["field"] == field
    assert not GenerationRequest.objects.exists()


def test_a_strength_with_a_model_that_changes_pictures_is_refused(world, uma) -> None:
    omni, image = make_model("Z-Image-Omni-Base"), make_image(world.pets, world.uma)

    refusal = ask(world, uma, input_image=str(image.uid), model_version=omni.pk, strength=0.5)

    assert (
        "as the prompt says"
        in assert_refused(refusal, refusal.status_code, field="strength")["sentence"]
    )


def test_a_picture_of_another_organization_is_not_there(world, uma) -> None:
    foreign = make_image(world.harbour_project, world.mallory)

    refusal = ask(world, uma, input_image=str(foreign.uid), strength=0.5)

    assert_refused(refusal, refusal.status_code, field="input_image")


def test_a_request_that_waits_can_be_given_another_beginning(world, uma) -> None:
    image, lora = make_image(world.pets, world.uma), make_lora()
    asked = ask(world, uma, input_image=str(image.uid), loras=[{"lora": lora.pk}]).json()
    other, ink = make_image(world.pets, world.paul), make_lora("ink", default_weight=0.7)
    path = f"/requests/{asked['id']}/"

    edited = uma.call(
        "patch", path, {"input_image": str(other.uid), "loras": [{"lora": ink.pk}]}
    ).json()

    assert (edited["input_image"], edited["strength"]) == (str(other.uid), 0.6)
    assert [(each["name"], each["weight"]) for each in edited["loras"]] == [("ink", 0.7)]
    plain = uma.call("patch", path, {"input_image": None, "loras": []}).json()
    assert (plain["input_image"], plain["strength"], plain["loras"]) == (None, 1.0, [])
