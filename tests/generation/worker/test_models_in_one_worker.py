"""Several models, LoRAs and pictures to begin with on the real pipeline, in one worker process.

The weights are tiny and random; everything else is what a worker with a GPU does.
"""

from __future__ import annotations

import shutil
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image as Pillow

from assets import storage
from assets.models import Image
from generation.actions.canaries import ModelDrifted, check_canaries
from generation.actions.lora_files import register_loras
from generation.models import CanaryRun, GenerationJob, GenerationRequest, Lora, ModelVersion
from generation.types import CanaryOutcome, JobStatus, LoraChoice
from generation.worker.one_by_one import OneByOne
from tests.assets.builders import make_image
from tests.builders import World
from tests.engines.loras import save_lora, save_tensors
from tests.generation.actions.test_canaries import other_reference
from tests.generation.builders import SYSTEM, ask_for, make_model, make_runner, run_all

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def line(tiny_line: Path, tmp_path: Path) -> Path:
    """The three models of the line, in a directory that a test may spoil."""
    return Path(shutil.copytree(tiny_line, tmp_path / "models"))


@pytest.fixture
def loras(tmp_path: Path) -> Path:
    """The directory of LoRAs, with one registered."""
    save_lora(tmp_path / "loras/watercolour.safetensors")
    register_loras(access=SYSTEM, root=tmp_path / "loras")
    return tmp_path / "loras"


@pytest.fixture
def runner(world: World, line: Path, loras: Path) -> OneByOne:
    """A worker with the real engine."""
    return make_runner(
        diffsynth={
            "ENGINE": "tests.engines.tiny_checkpoint.engine.TinyDiffSynthEngine",
            "OPTIONS": {"model_root": line, "device": "cpu", "lora_root": loras},
        }
    )


@pytest.fixture
def turbo(runner: OneByOne) -> ModelVersion:
    return make_model("Tongyi-MAI/Z-Image-Turbo", engine="diffsynth", is_default=True)


@pytest.fixture
def base(runner: OneByOne) -> ModelVersion:
    return make_model("Tongyi-MAI/Z-Image", engine="diffsynth")


def draw(world: World, runner: OneByOne, **changes: object) -> GenerationJob:
    """One picture, asked for and drawn."""
    job = ask_for(world.pets, world.uma, **changes).jobs.get()
    assert run_all(runner) >= 1
    job.refresh_from_db()
    return job


def pixels(job: GenerationJob) -> bytes:
    assert job.status == JobStatus.SUCCEEDED, job.error_message
    return Pillow.open(BytesIO(storage.read(job.image.path))).tobytes()


def resident(runner: OneByOne) -> str:
    return runner.host.engine("diffsynth").resident.name


def test_models_take_turns_in_one_process_and_every_job_gets_its_own(
    world: World, runner: OneByOne, turbo: ModelVersion, base: ModelVersion
) -> None:
    first = draw(world, runner, model_version_id=turbo.pk)
    other = draw(world, runner, model_version_id=base.pk)
    again = draw(world, runner, model_version_id=turbo.pk)

    assert pixels(first) == pixels(again) != pixels(other)
    hashes = [job.image.metadata["model"]["main_hash"] for job in (first, other, again)]
    assert hashes[0] == hashes[2] != hashes[1]
    assert other.image.model_name == base.name


def test_a_job_keeps_its_model_whatever_becomes_of_it(
    world: World, runner: OneByOne, turbo: ModelVersion, base: ModelVersion
) -> None:
    job = ask_for(world.pets, world.uma, model_version_id=base.pk).jobs.get()
    ModelVersion.objects.filter(pk=base.pk).update(is_enabled=False)

    run_all(runner)

    job.refresh_from_db()
    assert job.image.model_name == base.name


def test_a_change_of_models_that_fails_leaves_the_old_one_serving(
    world: World, runner: OneByOne, line: Path, turbo: ModelVersion, base: ModelVersion
) -> None:
    before = draw(world, runner)
    shutil.rmtree(line / "Tongyi-MAI/Z-Image/transformer")

    failed = draw(world, runner, model_version_id=base.pk)

    assert (failed.status, failed.error_code) == (JobStatus.FAILED, "model_unavailable")
    assert "transformer is missing" in failed.error_message
    assert resident(runner) == turbo.name
    after = draw(world, runner)
    assert pixels(after) == pixels(before)
    assert after.image.metadata["timing"]["load"] < 0.05, "it never left"


def test_damaged_weights_leave_the_old_model_serving_too(
    world: World, runner: OneByOne, line: Path, turbo: ModelVersion, base: ModelVersion
) -> None:
    before = draw(world, runner)
    [file] = (line / "Tongyi-MAI/Z-Image/transformer").iterdir()
    file.write_bytes(file.read_bytes()[:-1000])

    failed = draw(world, runner, model_version_id=base.pk)

    assert (failed.status, failed.error_code) == (JobStatus.FAILED, "weights_invalid")
    assert pixels(draw(world, runner)) == pixels(before)


class TestLoras:
    """They go with the picture, and leave nothing behind."""

    def test_the_next_picture_without_one_is_what_it_was(
        self, world: World, runner: OneByOne, turbo: ModelVersion, base: ModelVersion
    ) -> None:
        chosen = (LoraChoice(Lora.objects.get().pk, 0.8),)
        before = draw(world, runner)

        styled = draw(world, runner, loras=chosen)
        after = draw(world, runner)
        elsewhere = draw(world, runner, model_version_id=base.pk, loras=chosen)

        assert pixels(after) == pixels(before) != pixels(styled)
        assert elsewhere.status == JobStatus.SUCCEEDED
        lora = Lora.objects.get()
        assert styled.image.metadata["model"]["loras"] == [
            {"name": "watercolour", "weight": 0.8, "sha256": lora.sha256}
        ]
        assert after.image.metadata["model"]["loras"] == []

    def test_a_worker_without_the_file_fails_with_a_sentence(
        self, world: World, runner: OneByOne, loras: Path, turbo: ModelVersion
    ) -> None:
        (loras / "watercolour.safetensors").unlink()

        job = draw(world, runner, loras=(LoraChoice(Lora.objects.get().pk),))

        assert (job.status, job.error_code) == (JobStatus.FAILED, "lora_missing")
        assert job.error_message == "A LoRA file is missing."

    def test_a_file_that_was_exchanged_is_not_used(
        self, world: World, runner: OneByOne, loras: Path, turbo: ModelVersion
    ) -> None:
        save_lora(loras / "watercolour.safetensors", seed=9)

        job = draw(world, runner, loras=(LoraChoice(Lora.objects.get().pk),))

        assert (job.status, job.error_code) == (JobStatus.FAILED, "lora_missing")
        assert "not the one that was asked for" in job.error_message

    def test_one_for_another_model_fails_with_a_sentence(
        self, world: World, runner: OneByOne, loras: Path, turbo: ModelVersion
    ) -> None:
        save_tensors(loras / "other.safetensors", {"a.lora_A.weight": (4, 8)})
        register_loras(access=SYSTEM, root=loras)

        job = draw(world, runner, loras=(LoraChoice(Lora.objects.get(name="other").pk),))

        assert (job.status, job.error_code) == (JobStatus.FAILED, "lora_unfit")


class TestInputImages:
    """Any picture of the archive can be begun with, and changed by the model that does so."""

    def test_a_picture_of_another_size_is_begun_with(
        self, world: World, runner: OneByOne, turbo: ModelVersion
    ) -> None:
        image = make_image(world.pets, world.uma, size=(200, 72))
        plain = draw(world, runner)

        little = draw(world, runner, input_image_uid=image.uid, strength=0.3)
        much = draw(world, runner, input_image_uid=image.uid, strength=0.9)

        assert len({pixels(plain), pixels(little), pixels(much)}) == 3
        assert (little.image.width, little.image.height) == (128, 128)
        assert little.image.metadata["origin"]["strength"] == 0.3

    def test_a_transparent_picture_is_begun_with(
        self, world: World, runner: OneByOne, turbo: ModelVersion
    ) -> None:
        image = make_image(world.pets, world.uma)
        data = BytesIO()
        Pillow.new("RGBA", (90, 300), (255, 0, 0, 40)).save(data, "PNG")
        sha256 = storage.sha256_of(data.getvalue())
        path = storage.original_path(
            organization_id=world.lantern.pk,
            project_id=world.pets.pk,
            sha256=sha256,
            extension="png",
        )
        storage.write_once(path, data.getvalue())
        Image.objects.filter(pk=image.pk).update(path=path, sha256=sha256)

        job = draw(world, runner, input_image_uid=image.uid, strength=0.5)

        assert job.status == JobStatus.SUCCEEDED

    def test_the_model_for_it_changes_the_picture(
        self, world: World, runner: OneByOne, turbo: ModelVersion
    ) -> None:
        omni = make_model("Tongyi-MAI/Z-Image-Omni-Base", engine="diffsynth")
        image = make_image(world.pets, world.uma, size=(200, 72))

        plain = draw(world, runner, model_version_id=omni.pk)
        changed = draw(world, runner, model_version_id=omni.pk, input_image_uid=image.uid)

        assert pixels(plain) != pixels(changed)
        origin = changed.image.metadata["origin"]
        assert (origin["input_image"]["id"], origin["strength"]) == (str(image.uid), None)


class TestCanaries:
    """On the real engine: known beforehand, the same again, and drift is seen."""

    def check(self, runner: OneByOne, model: ModelVersion) -> list[str]:
        engine = runner.host.engine("diffsynth")
        runs = check_canaries(access=SYSTEM, worker=runner.worker, engine=engine, model=model)
        return [run.outcome for run in runs]

    def test_they_are_drawn_once_and_are_the_same_after_a_swap(
        self, world: World, runner: OneByOne, turbo: ModelVersion, base: ModelVersion
    ) -> None:
        assert self.check(runner, turbo) == [CanaryOutcome.STORED] * 3
        draw(world, runner, model_version_id=base.pk)
        run = CanaryRun.objects.filter(model_version=turbo).first()
        assert run.load_mode == "resident"
        assert {"torch", "diffsynth"} <= run.libraries.keys()

        assert self.check(runner, turbo) == [CanaryOutcome.STORED] * 3
        assert CanaryRun.objects.count() == 3

        CanaryRun.objects.filter(model_version=turbo).update(slot=None)
        assert self.check(runner, turbo) == [CanaryOutcome.SAME] * 3
        same = CanaryRun.objects.filter(outcome=CanaryOutcome.SAME)
        assert set(same.values_list("difference", flat=True)) == {0.0}

    def test_drift_is_shown_or_stops_the_model_here(
        self, world: World, runner: OneByOne, turbo: ModelVersion, base: ModelVersion, settings
    ) -> None:
        self.check(runner, turbo)
        for run in CanaryRun.objects.all():
            other_reference(run)
        CanaryRun.objects.update(slot=None)

        assert self.check(runner, turbo) == [CanaryOutcome.DRIFTED] * 3
        assert draw(world, runner).status == JobStatus.SUCCEEDED

        settings.CANARY = "block"
        with pytest.raises(ModelDrifted):
            self.check(runner, turbo)
        waiting = ask_for(world.pets, world.uma, model_version_id=turbo.pk).jobs.get()
        assert draw(world, runner, model_version_id=base.pk).status == JobStatus.SUCCEEDED
        waiting.refresh_from_db()
        assert waiting.status == JobStatus.QUEUED
        assert GenerationRequest.objects.count() == 3
