"""Asking with LoRAs and with a picture to begin with: who may, what is written down, what comes."""

from __future__ import annotations

from io import BytesIO
from uuid import uuid4

import pytest
from PIL import Image as Pillow
from PIL import ImageChops

from accounts.errors import InvalidInput
from accounts.roles import Role
from assets import storage
from assets.models import Image, ImageUse
from assets.provenance.reading import read as read_provenance
from assets.types import UseKind
from generation.models import GenerationJob, GenerationRequest, ModelVersion
from generation.types import JobStatus, LoraChoice
from generation.wording import FAILURES
from tests.assets.builders import make_image
from tests.builders import World, join
from tests.generation.builders import (
    ask_for,
    make_lora,
    make_model,
    make_runner,
    run_all,
)

pytestmark = pytest.mark.django_db(transaction=True)


def refused(world: World, **changes: object) -> InvalidInput:
    with pytest.raises(InvalidInput) as caught:
        ask_for(world.pets, world.uma, **changes)
    assert not GenerationRequest.objects.exists()
    return caught.value


@pytest.fixture(autouse=True)
def _model(world: World) -> ModelVersion:
    """A model that is no preview, so that the record names what a model was given."""
    return make_model("Z-Image-Turbo", is_default=True)


class TestLoras:
    """Up to three, of the model's engine, enabled, each once."""

    def test_the_request_remembers_name_file_hash_and_weight(self, world: World) -> None:
        lora = make_lora()

        request = ask_for(world.pets, world.uma, loras=(LoraChoice(lora.pk, 0.8),))

        request.refresh_from_db()
        assert request.loras == [
            {
                "id": lora.pk,
                "name": "watercolour",
                "path": "watercolour.safetensors",
                "sha256": lora.sha256,
                "weight": 0.8,
            }
        ]

    @pytest.mark.parametrize(
        ("columns", "sentence"),
        [
            ({"is_enabled": False}, "not available"),
            ({"engine": "diffsynth"}, "does not take these LoRAs"),
        ],
    )
    def test_one_that_cannot_be_used_is_refused(
        self, world: World, columns: dict[str, object], sentence: str
    ) -> None:
        lora = make_lora(**columns)

        fault = refused(world, loras=(LoraChoice(lora.pk),))

        assert fault.field == "loras"
        assert sentence in fault.sentence

    def test_one_that_is_not_there_or_comes_twice_is_refused(self, world: World) -> None:
        lora = make_lora()

        assert refused(world, loras=(LoraChoice(424242),)).field == "loras"
        twice = (LoraChoice(lora.pk, 1.0), LoraChoice(lora.pk, 0.5))
        assert refused(world, loras=twice).field == "loras"

    def test_four_are_too_many(self, world: World) -> None:
        four = tuple(LoraChoice(make_lora(str(number)).pk) for number in range(4))

        assert "up to 3 LoRAs" in refused(world, loras=four).sentence

    def test_the_record_and_the_file_name_them(self, world: World) -> None:
        lora = make_lora()
        ask_for(world.pets, world.uma, loras=(LoraChoice(lora.pk, 0.8),))

        run_all(make_runner())

        image = Image.objects.get()
        assert image.metadata["model"]["loras"] == [
            {"name": "watercolour", "weight": 0.8, "sha256": lora.sha256}
        ]


class TestInputImages:
    """A picture of the same organization that the maker can see."""

    def test_it_is_remembered_and_becomes_the_parent(self, world: World) -> None:
        image = make_image(world.products, world.rita)

        request = ask_for(world.pets, world.uma, input_image_uid=image.uid, strength=0.4)

        assert (request.input_image, request.input_uid) == (image, image.uid)
        assert (request.strength, request.parent_image) == (0.4, image)

    def test_beginning_with_it_counts_as_a_reuse_of_it(self, world: World) -> None:
        image = make_image(world.products, world.rita)

        request = ask_for(world.pets, world.uma, input_image_uid=image.uid, strength=0.4)
        ask_for(world.pets, world.uma)

        image.refresh_from_db()
        use = ImageUse.objects.get()
        assert (use.image, use.kind, use.request_id) == (image, UseKind.INPUT, request.pk)
        assert (use.user, image.reuse_count) == (world.uma, 1)

    def test_a_picture_whose_settings_were_taken_stays_the_parent(self, world: World) -> None:
        begun, parent = make_image(world.pets, world.uma), make_image(world.pets, world.uma)

        request = ask_for(
            world.pets, world.uma, input_image_uid=begun.uid, parent_uid=parent.uid, strength=0.4
        )

        assert (request.input_image, request.parent_image) == (begun, parent)

    def test_a_picture_of_another_organization_is_not_there(self, world: World) -> None:
        image = make_image(world.harbour_project, world.mallory)

        fault = refused(world, input_image_uid=image.uid, strength=0.4)

        assert fault.field == "input_image"
        assert "no longer there" in fault.sentence
        assert refused(world, input_image_uid=uuid4(), strength=0.4).field == "input_image"

    def test_a_picture_of_a_project_that_the_maker_cannot_see_is_not_there(
        self, world: World
    ) -> None:
        image = make_image(world.products, world.uma)

        with pytest.raises(InvalidInput):
            ask_for(world.pets, world.paul, input_image_uid=image.uid, strength=0.4)

    def test_a_member_of_both_organizations_does_not_carry_pictures_across(
        self, world: World
    ) -> None:
        """Whoever sees both may not mix what belongs to two tenants."""
        join(world.uma, world.harbour, Role.USER)
        image = make_image(world.harbour_project, world.mallory)

        assert refused(world, input_image_uid=image.uid, strength=0.4).field == "input_image"

    def test_a_model_that_takes_none_says_so(self, world: World) -> None:
        ModelVersion.objects.update(takes_input_image=False)
        image = make_image(world.pets, world.uma)

        fault = refused(world, input_image_uid=image.uid, strength=0.4)

        assert fault.field == "input_image"
        assert "cannot begin with a picture" in fault.sentence

    def test_the_picture_comes_and_its_record_tells_where_from(self, world: World) -> None:
        image = make_image(world.pets, world.paul, size=(96, 64))
        ask_for(world.pets, world.uma, input_image_uid=image.uid, strength=0.1)

        run_all(make_runner())

        made = Image.objects.latest("id")
        assert made.metadata["origin"] == {
            "input_image": {"id": str(image.uid), "uploaded": False, "sha256": image.sha256},
            "strength": 0.1,
            "parent_image_id": str(image.uid),
            "imported": None,
        }
        assert made.parent == image
        begun = Pillow.open(BytesIO(storage.read(image.path))).convert("RGB")
        drawn = Pillow.open(BytesIO(storage.read(made.path))).convert("RGB")
        colour = Pillow.new("RGB", drawn.size, begun.getpixel((5, 5)))
        apart = ImageChops.difference(colour, drawn).resize((1, 1)).getpixel((0, 0))
        assert max(apart) < 40, "a tenth was drawn anew, the rest is the picture"
        assert "Denoising strength: 0.1" in read_provenance(storage.read(made.path)).infotext

    def test_a_picture_that_was_changed_as_the_prompt_says_has_no_strength(
        self, world: World
    ) -> None:
        model = make_model("Z-Image-Omni-Base")
        image = make_image(world.pets, world.uma)
        ask_for(world.pets, world.uma, input_image_uid=image.uid, model_version_id=model.pk)

        run_all(make_runner())

        origin = Image.objects.latest("id").metadata["origin"]
        assert origin["input_image"]["id"] == str(image.uid)
        assert origin["strength"] is None

    def test_a_transparent_picture_of_another_size_is_begun_with(self, world: World) -> None:
        image = make_image(world.pets, world.uma)
        data = BytesIO()
        Pillow.new("RGBA", (300, 90), (255, 0, 0, 40)).save(data, "PNG")
        path = storage.original_path(
            organization_id=world.lantern.pk,
            project_id=world.pets.pk,
            sha256=storage.sha256_of(data.getvalue()),
            extension="png",
        )
        storage.write_once(path, data.getvalue())
        Image.objects.filter(pk=image.pk).update(
            path=path, sha256=storage.sha256_of(data.getvalue())
        )
        ask_for(world.pets, world.uma, input_image_uid=image.uid, strength=0.5)

        run_all(make_runner())

        made = Image.objects.latest("id")
        assert (made.width, made.height) == (128, 128)

    def test_a_lost_file_fails_the_job_with_its_reason(self, world: World) -> None:
        image = make_image(world.pets, world.uma)
        ask_for(world.pets, world.uma, input_image_uid=image.uid, strength=0.5)
        storage.delete_quietly(image.path)

        assert run_all(make_runner()) == 1

        job = GenerationJob.objects.get()
        assert (job.status, job.error_code) == (JobStatus.FAILED, "input_image_gone")
        assert job.error_code in FAILURES


def test_every_reason_of_loras_and_pictures_has_words() -> None:
    codes = ("lora_missing", "lora_unfit", "input_image_gone", "input_image_unreadable")

    assert not {*codes, "canary_drifted"} - FAILURES.keys()
