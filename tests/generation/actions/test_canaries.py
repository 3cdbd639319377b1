"""Canaries: drawn once for each place and environment, compared, and what follows from it."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image, ImageOps

from accounts.errors import InvalidTransition, NotPermitted
from accounts.models import AuditEvent
from assets import storage
from generation.actions import canaries
from generation.actions.canaries import (
    ModelDrifted,
    accept_canaries,
    check_canaries,
    reset_canaries,
)
from generation.actions.models import register_model
from generation.actions.workers import register_worker
from generation.breakers import note_failure
from generation.engines.base import (
    Cancelled,
    EngineFailure,
    GpuFault,
    ImageEngine,
    ModelUnavailable,
    Phase,
)
from generation.models import CanaryRun, CircuitBreaker, GenerationJob, ModelVersion, Worker
from generation.queries.canaries import canary_state
from generation.queries.workers import capacity_of
from generation.types import CanaryOutcome, JobStatus
from tests.builders import World, access_of
from tests.generation.builders import SYSTEM, ask_for, make_runner, run_all
from tests.generation.canary_engines import UpgradedEngine

pytestmark = pytest.mark.django_db

STORED, SAME, DRIFTED = CanaryOutcome.STORED, CanaryOutcome.SAME, CanaryOutcome.DRIFTED


@pytest.fixture
def model() -> ModelVersion:
    """A model that is taken seriously; what draws it is the preview engine."""
    return register_model(
        access=SYSTEM, name="Z-Image-Turbo", revision="1", engine="preview", is_default=True
    )


@pytest.fixture
def worker(db) -> Worker:
    return register_worker(access=SYSTEM, slot="gpu-0", engines=["preview"])


def check(worker: Worker, model: ModelVersion, engine: ImageEngine | None = None) -> list[str]:
    """What the canaries say, in their order."""
    engine = engine or UpgradedEngine(by=0, version="1")
    runs = check_canaries(access=SYSTEM, worker=worker, engine=engine, model=model)
    return [run.outcome for run in runs]


def other_reference(run: CanaryRun) -> None:
    """Put another picture in the place of a reference, as if the model had drawn that."""
    kept = Image.open(BytesIO(storage.read(run.path)))
    inverted = ImageOps.invert(kept.convert("RGB"))
    path = canaries._store(run.model_version, inverted)
    CanaryRun.objects.filter(pk=run.pk).update(path=path, sha256=canaries.pixels_key(inverted))


def test_the_first_pictures_become_the_reference_and_lie_in_the_archive(worker, model) -> None:
    assert check(worker, model) == [STORED] * 3

    for run in CanaryRun.objects.all():
        assert run.path.startswith(f"canaries/{model.pk}/")
        kept = Image.open(BytesIO(storage.read(run.path)))
        assert kept.size == (512, 512)
        assert canaries.pixels_key(kept) == run.sha256
        assert (run.slot, run.load_mode, run.difference) == (worker.slot, "none", None)
        assert run.libraries["torch"] == "1"


def test_nothing_is_drawn_twice_in_one_environment(worker, model) -> None:
    check(worker, model)
    again = UpgradedEngine(by=0, version="1")

    assert check(worker, model, again) == [STORED] * 3
    assert again.drawn == 0


def test_a_restarted_worker_in_the_same_slot_draws_nothing(worker, model) -> None:
    check(worker, model)
    next_life = register_worker(access=SYSTEM, slot="gpu-0", engines=["preview"])
    engine = UpgradedEngine(by=0, version="1")

    check(next_life, model, engine)

    assert engine.drawn == 0


def test_another_place_and_another_library_are_compared(worker, model) -> None:
    check(worker, model)
    other = register_worker(access=SYSTEM, slot="gpu-1", engines=["preview"])

    assert check(other, model) == [SAME] * 3
    assert check(worker, model, UpgradedEngine(by=2)) == [SAME] * 3

    same = CanaryRun.objects.filter(outcome=SAME)
    assert set(same.filter(slot=other.slot).values_list("difference", "path")) == {(0.0, "")}
    assert all(0 < run.difference < 3 for run in same.filter(slot=worker.slot))


def test_a_model_that_draws_something_else_has_drifted_and_goes_on_by_default(
    worker, model
) -> None:
    check(worker, model)

    assert check(worker, model, UpgradedEngine(by=40)) == [DRIFTED] * 3

    state = canary_state([model])[model.pk]
    [place] = state.places
    assert state.has_drifted
    assert not state.is_held
    assert place.difference > 20
    assert place.changes == ["torch 1 → 2"]
    assert all(pair.run.path and pair.reference for pair in place.pairs)


def test_a_tampered_reference_is_drift(worker, model) -> None:
    check(worker, model)
    other_reference(CanaryRun.objects.get(number=1))

    assert check(worker, model, UpgradedEngine(by=0)) == [SAME, DRIFTED, SAME]


@pytest.mark.parametrize("damage", ["gone", "other pixels", "no picture"])
def test_a_reference_that_is_lost_cannot_be_compared(worker, model, damage, monkeypatch) -> None:
    def read(path: str) -> bytes:
        if damage == "gone":
            raise storage.FileMissing(path)
        data = BytesIO()
        Image.new("RGB", (512, 512)).save(data, "PNG")
        return data.getvalue() if damage == "other pixels" else b"garbage"

    check(worker, model)
    monkeypatch.setattr(storage, "read", read)

    assert check(worker, model, UpgradedEngine(by=0)) == [SAME] * 3, "the hash is enough"
    assert check(worker, model, UpgradedEngine(by=1, version="3")) == [DRIFTED] * 3
    assert canary_state([model])[model.pk].places[0].difference is None


def test_other_weights_have_a_reference_of_their_own(worker, model) -> None:
    class OtherWeights(UpgradedEngine):
        def setup(self):
            setup = super().setup()
            return setup and canaries.EngineSetup(
                **{
                    **{name: getattr(setup, name) for name in setup.__dataclass_fields__},
                    "weight_hashes": {"transformer/model.safetensors": "c3"},
                }
            )

    check(worker, model)

    assert check(worker, model, OtherWeights(by=90)) == [STORED] * 3


class TestBlocking:
    """With ATELIER_CANARY=block a model that has drifted waits for an operator."""

    @pytest.fixture(autouse=True)
    def _block(self, settings) -> None:
        settings.CANARY = "block"

    @pytest.fixture
    def drifted(self, worker, model) -> UpgradedEngine:
        check(worker, model)
        engine = UpgradedEngine(by=40)
        with pytest.raises(ModelDrifted):
            check(worker, model, engine)
        return engine

    def startable(self, worker: Worker, job: GenerationJob) -> bool:
        capacity = capacity_of(worker.pk)
        return capacity.can_start(job.demand, job.queued_at)

    def test_the_worker_takes_no_job_of_it_and_others_do(
        self, world: World, worker, model, drifted
    ) -> None:
        other = register_worker(access=SYSTEM, slot="gpu-1", engines=["preview"])
        job = ask_for(world.pets, world.uma, model_version_id=model.pk).jobs.get()

        assert not self.startable(worker, job)
        assert self.startable(other, job)
        assert canary_state([model])[model.pk].is_held

    def test_the_engine_has_unloaded_it_and_every_attempt_comes_past_here(
        self, worker, model, drifted
    ) -> None:
        assert drifted.resident is None
        with pytest.raises(ModelUnavailable):
            check(worker, model, drifted)
        assert drifted.drawn == 3

    def test_accepting_makes_the_new_pictures_the_reference(
        self, world: World, worker, model, drifted
    ) -> None:
        job = ask_for(world.pets, world.uma, model_version_id=model.pk).jobs.get()

        assert accept_canaries(access=SYSTEM, model=model) == 3

        assert self.startable(worker, job)
        assert check(worker, model, drifted) == [STORED] * 3
        assert drifted.drawn == 3, "they are known"
        assert check(worker, model, UpgradedEngine(by=40, version="3")) == [SAME] * 3
        with pytest.raises(ModelDrifted):
            check(worker, model)

    def test_forgetting_lets_the_model_draw_new_references(
        self, world: World, worker, model, drifted
    ) -> None:
        job = ask_for(world.pets, world.uma, model_version_id=model.pk).jobs.get()

        assert reset_canaries(access=SYSTEM, model=model) == 3

        assert self.startable(worker, job)
        assert canary_state([model])[model.pk].places == []
        assert check(worker, model, drifted) == [STORED] * 3
        assert drifted.drawn == 6

    def test_going_back_to_the_old_library_lets_it_go(
        self, world: World, worker, model, drifted
    ) -> None:
        job = ask_for(world.pets, world.uma, model_version_id=model.pk).jobs.get()

        assert check(worker, model) == [STORED] * 3

        assert self.startable(worker, job)

    def test_showing_only_lets_it_go(self, world: World, worker, model, drifted, settings) -> None:
        settings.CANARY = "show"
        job = ask_for(world.pets, world.uma, model_version_id=model.pk).jobs.get()

        assert check(worker, model, drifted) == [DRIFTED] * 3

        assert self.startable(worker, job)

    def test_a_later_failure_does_not_lock_it_up_for_good(
        self, world: World, worker, model, drifted
    ) -> None:
        job = ask_for(world.pets, world.uma, model_version_id=model.pk).jobs.get()
        job.worker = worker
        note_failure(job, code="gpu_fault", message="It fell off the bus.")

        accept_canaries(access=SYSTEM, model=model)

        assert self.startable(worker, job)

    def test_only_operators_decide(self, world: World, worker, model, drifted) -> None:
        for action in (accept_canaries, reset_canaries):
            with pytest.raises(NotPermitted):
                action(access=access_of(world.ada), model=model)
        assert CircuitBreaker.objects.get().open_until is not None

    def test_accepting_leaves_a_trace_and_is_done_once(
        self, world: World, worker, model, drifted
    ) -> None:
        world.ada.is_superuser = True
        world.ada.save()
        accept_canaries(access=access_of(world.ada), model=model)

        event = AuditEvent.objects.get(action="generation.canary.accepted")
        assert (event.actor_id, event.target_label) == (world.ada.pk, "Z-Image-Turbo")
        with pytest.raises(InvalidTransition):
            accept_canaries(access=SYSTEM, model=model)


def test_the_place_that_drifted_last_is_what_is_accepted(worker, model) -> None:
    other = register_worker(access=SYSTEM, slot="gpu-1", engines=["preview"])
    check(worker, model)
    check(worker, model, UpgradedEngine(by=40))
    check(other, model, UpgradedEngine(by=80, version="3"))

    accept_canaries(access=SYSTEM, model=model)

    stored = CanaryRun.objects.filter(outcome=STORED, is_current=True)
    assert set(stored.values_list("slot__name", flat=True)) == {"gpu-1"}
    assert check(worker, model, UpgradedEngine(by=40)) == [DRIFTED] * 3, "compared anew"


def test_an_operator_who_changes_the_default_steps_changes_no_canary(worker, model) -> None:
    check(worker, model)
    ModelVersion.objects.update(default_steps=4, default_cfg=7)
    model.refresh_from_db()

    assert check(worker, model, UpgradedEngine(by=0)) == [SAME] * 3


def test_a_preview_has_no_canaries(worker, model) -> None:
    ModelVersion.objects.update(is_preview=True)
    model.refresh_from_db()
    engine = UpgradedEngine(by=0)

    assert check(worker, model, engine) == []
    assert (engine.drawn, engine.resident) == (0, None)


def test_switched_off_nothing_is_drawn(worker, model, settings) -> None:
    settings.CANARY = "off"

    assert check(worker, model) == []


def test_an_interrupted_check_goes_on_where_it_was(worker, model) -> None:
    engine, seen = UpgradedEngine(by=0, version="1"), []

    def stop(progress) -> None:
        seen.append(progress)
        if engine.drawn == 2 and progress.phase is Phase.DECODING:
            raise Cancelled

    with pytest.raises(Cancelled):
        check_canaries(access=SYSTEM, worker=worker, engine=engine, model=model, on_progress=stop)
    assert CanaryRun.objects.count() == 1

    assert check(worker, model, engine) == [STORED] * 3
    assert engine.drawn == 4


def test_a_canary_that_fails_stops_no_work_and_a_broken_engine_does(
    worker, model, monkeypatch
) -> None:
    engine = UpgradedEngine(by=0)

    def fail(spec, *, on_progress):
        raise error

    monkeypatch.setattr(engine, "generate", fail)
    error: Exception = EngineFailure("It broke.")
    assert check(worker, model, engine) == []
    error = GpuFault("It fell off the bus.")
    with pytest.raises(GpuFault):
        check(worker, model, engine)


def test_a_full_archive_keeps_no_canary_and_stops_no_work(worker, model, monkeypatch) -> None:
    def full(path: str, data: bytes) -> None:
        raise storage.StorageFull("no room")

    monkeypatch.setattr(storage, "write_once", full)

    assert check(worker, model) == []


def test_two_workers_that_begin_at_once_agree_on_one_reference(worker, model, monkeypatch) -> None:
    other = register_worker(access=SYSTEM, slot="gpu-1", engines=["preview"])
    reference = canaries._reference
    overtaken = []

    def be_overtaken(place, number):
        found = reference(place, number)
        if found is None and place.slot == worker.slot and not overtaken:
            overtaken.append(number)
            check(other, model)  # meanwhile the other one has drawn all of them
        return found

    monkeypatch.setattr(canaries, "_reference", be_overtaken)

    assert check(worker, model) == [SAME] * 3
    assert CanaryRun.objects.filter(outcome=STORED).count() == 3


@pytest.mark.django_db(transaction=True)
def test_a_job_that_meets_drift_waits_until_somebody_has_looked(
    world: World, model, settings, monkeypatch
) -> None:
    settings.CANARY = "block"
    runner = make_runner()
    check(runner.worker, model)
    job = ask_for(world.pets, world.uma, model_version_id=model.pk).jobs.get()
    engine = runner.host.engine("preview")
    generate = engine.generate

    def look_first(spec, *, on_progress):
        check(runner.worker, model, UpgradedEngine(by=40))
        return generate(spec, on_progress=on_progress)

    monkeypatch.setattr(engine, "generate", look_first)

    assert run_all(runner) == 1, "and then it takes no other"
    job.refresh_from_db()
    assert (job.status, job.attempts, job.error_code) == (JobStatus.QUEUED, 1, "")

    accept_canaries(access=SYSTEM, model=model)
    assert run_all(runner) == 1
    job.refresh_from_db()
    assert job.status == JobStatus.SUCCEEDED
