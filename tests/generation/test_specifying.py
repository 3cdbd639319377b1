"""What the engine is told of a job: LoRAs, the picture to begin with, the size that fits."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest

from assets import storage
from assets.models import Image
from generation.actions.running import Claim
from generation.models import GenerationJob, GenerationRequest
from generation.specifying import (
    InputImageGone,
    InputImageUnreadable,
    beginning_of,
    input_image_of,
    spec_of,
)
from generation.types import LoraChoice
from generation.worker import drawing
from tests.assets.builders import make_image
from tests.builders import World
from tests.generation.builders import ask_for, make_lora, make_model

pytestmark = pytest.mark.django_db


def begun(world: World, **changes: object) -> tuple[GenerationJob, Image]:
    """A job of Uma's that begins with a picture of Paul's in the same project."""
    image = make_image(world.pets, world.paul, size=(96, 64))
    asked = {"strength": 0.4, "input_image_uid": image.uid, **changes}
    return ask_for(world.pets, world.uma, **asked).jobs.get(), image


def fresh(job: GenerationJob) -> GenerationRequest:
    return GenerationRequest.objects.get(pk=job.request_id)


def test_loras_are_told_by_path_weight_and_hash(world: World) -> None:
    make_model("Z-Image-Turbo", is_default=True)
    first, second = make_lora("watercolour"), make_lora("ink", path="水墨/ink.safetensors")

    job = ask_for(
        world.pets,
        world.uma,
        loras=(LoraChoice(second.pk, 0.5), LoraChoice(first.pk, -1.0)),
    ).jobs.get()

    assert [(each.path, each.weight, each.sha256) for each in spec_of(job).loras] == [
        (Path("水墨/ink.safetensors"), 0.5, second.sha256),
        (Path("watercolour.safetensors"), -1.0, first.sha256),
    ]


def test_a_request_keeps_the_lora_it_asked_for_whatever_becomes_of_the_row(world: World) -> None:
    make_model("Z-Image-Turbo", is_default=True)
    lora = make_lora()
    job = ask_for(world.pets, world.uma, loras=(LoraChoice(lora.pk),)).jobs.get()
    before = lora.sha256
    lora.sha256 = "0" * 64
    lora.save()

    assert spec_of(job).loras[0].sha256 == before


def test_a_model_begins_with_the_picture_of_the_archive(world: World) -> None:
    make_model("Z-Image-Turbo", is_default=True)
    job, _image = begun(world)

    spec = spec_of(job, input_image=input_image_of(job.request))

    assert spec.input_image.size == (96, 64)
    assert (spec.strength, spec.edit_image) == (0.4, None)


def test_a_model_that_changes_pictures_gets_it_as_the_one_to_change(world: World) -> None:
    make_model("Z-Image-Omni-Base", is_default=True)
    job, _image = begun(world, strength=1.0)

    spec = spec_of(job, input_image=input_image_of(job.request))

    assert spec.edit_image.size == (96, 64)
    assert (spec.strength, spec.input_image) == (1.0, None)


def test_without_a_picture_nothing_is_read(world: World, monkeypatch) -> None:
    job = ask_for(world.pets, world.uma).jobs.get()
    monkeypatch.setattr(storage, "read", pytest.fail)

    assert input_image_of(job.request) is None
    assert spec_of(job).input_image is None


def test_a_job_that_has_to_be_smaller_begins_with_the_same_picture(world: World) -> None:
    job, _image = begun(world, width=1024, height=768)
    claim = Claim(job, uuid4(), largest_side=512, beginning=beginning_of(job.request))

    spec = drawing.spec_of(claim)

    assert spec.width * spec.height <= 512 * 512 * 1.02
    assert spec.input_image is not None


def test_a_fault_is_kept_for_whoever_draws_the_picture(world: World) -> None:
    job, image = begun(world)
    storage.delete_quietly(image.path)

    beginning = beginning_of(job.request)

    with pytest.raises(InputImageGone):
        drawing.spec_of(Claim(job, uuid4(), beginning=beginning))


def test_a_picture_that_was_deleted_meanwhile_is_missed(world: World) -> None:
    job, image = begun(world)
    GenerationRequest.objects.update(parent_image=None)
    Image.objects.filter(pk=image.pk).delete()

    request = fresh(job)

    assert request.input_image is None
    assert request.input_uid == image.uid
    with pytest.raises(InputImageGone, match="deleted"):
        input_image_of(request)


@pytest.mark.parametrize("data", [b"", b"garbage"])
def test_a_file_that_is_not_as_it_was_is_missed(world: World, monkeypatch, data: bytes) -> None:
    job, _image = begun(world)
    monkeypatch.setattr(storage, "read", lambda path: data)

    with pytest.raises(InputImageGone, match="damaged"):
        input_image_of(job.request)


def test_a_file_that_is_no_picture_is_missed(world: World, monkeypatch) -> None:
    job, image = begun(world)
    Image.objects.filter(pk=image.pk).update(sha256=storage.sha256_of(b"garbage"))
    monkeypatch.setattr(storage, "read", lambda path: b"garbage")

    with pytest.raises(InputImageGone, match="no picture"):
        input_image_of(fresh(job))


def test_a_file_that_is_gone_is_missed(world: World) -> None:
    job, image = begun(world)
    storage.delete_quietly(image.path)

    with pytest.raises(InputImageGone, match="missing"):
        input_image_of(job.request)


def test_an_archive_that_stumbles_may_be_asked_again(world: World, monkeypatch) -> None:
    def stumble(path: str) -> bytes:
        raise ConnectionError("the bucket does not answer")

    job, _image = begun(world)
    monkeypatch.setattr(storage, "read", stumble)

    with pytest.raises(InputImageUnreadable) as raised:
        input_image_of(job.request)
    assert raised.value.retryable
    assert "bucket" not in raised.value.message
