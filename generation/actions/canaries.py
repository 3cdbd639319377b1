"""Drawing the canaries of a model, comparing them, and what becomes of a model that has drifted.

A canary is drawn once for each place and environment (`CanaryRun`). The first one ever becomes the
reference. Under `settings.CANARY == "block"` a model that has drifted is kept from working in that
place by its circuit breaker, until an operator says what is to be believed.
"""

from __future__ import annotations

import io
from collections.abc import Collection
from dataclasses import dataclass

import structlog
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from PIL import Image as Pillow
from PIL import UnidentifiedImageError

from accounts.access import Access
from accounts.actions.auditing import record
from accounts.errors import InvalidTransition
from assets import storage
from generation.breakers import hold_back, let_go
from generation.drifting import (
    environment_key,
    outcome_of,
    pixels_key,
    specs_for,
    versions_of,
    weights_key,
)
from generation.engines.base import (
    Cancelled,
    EngineError,
    EngineSetup,
    ImageEngine,
    ModelRef,
    ModelUnavailable,
    OnProgress,
    ignore_progress,
)
from generation.engines.canary import difference
from generation.models import CanaryRun, ModelVersion, Worker, WorkerSlot
from generation.types import CanaryOutcome

log = structlog.get_logger(__name__)

FOLDER = "canaries"
DRIFTED = "canary_drifted"


class ModelDrifted(ModelUnavailable):
    """The model draws something else here than it did; another worker may still take the job."""

    code = DRIFTED
    retryable = True


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where canaries are drawn: the model, the slot, and all that decides about the pixels."""

    model: ModelVersion
    slot: WorkerSlot | None
    setup: EngineSetup

    @property
    def environment(self) -> str:
        return environment_key(self.setup)

    @property
    def weights(self) -> str:
        return weights_key(self.setup)


def check_canaries(
    *,
    access: Access,
    worker: Worker,
    engine: ImageEngine,
    model: ModelVersion,
    on_progress: OnProgress = ignore_progress,
) -> Collection[CanaryRun]:
    """Draw the canaries that are due here, and return what all of them say; loads the model.

    To be called after a model was loaded, in the thread that draws. It costs two queries when
    nothing is due, and three small pictures when something is. It does nothing for previews.

    Raises:
        ModelDrifted: the model has drifted and may not work here; the engine has unloaded it.
        Cancelled: `on_progress` said so; what was drawn until then is kept.
        EngineError: the model could not be loaded, or the engine is beyond repair. A canary that
            merely failed is logged: the pictures that people wait for will tell.
    """
    access.require_system()
    if settings.CANARY == "off" or model.is_preview:
        return ()
    engine.load(ModelRef(model.name, model.revision), on_progress)
    setup = engine.setup()
    if setup is None:
        return ()
    place = _Place(model=model, slot=worker.slot, setup=setup)
    _draw_what_is_due(place, engine, on_progress)
    runs = _runs_of(place)
    if not any(run.outcome == CanaryOutcome.DRIFTED for run in runs):
        let_go(model.pk, code=DRIFTED, slot_id=worker.slot_id)
        return runs
    log.error("canary.drifted", model=model.name, worker=worker.name, mode=settings.CANARY)
    if settings.CANARY == "block":
        # The next attempt has to load it again, and to come past here.
        engine.unload()
        _block(worker, model)
        raise ModelDrifted(_BLOCKED)
    let_go(model.pk, code=DRIFTED, slot_id=worker.slot_id)
    return runs


@transaction.atomic
def accept_canaries(*, access: Access, model: ModelVersion) -> int:
    """Make what has drifted lately the new reference, and let the model work again.

    Of several places that have drifted the last one counts; the others compare themselves with it
    when they next load the model. Returns how many canaries have a new reference.

    Raises:
        InvalidTransition: nothing has drifted, or somebody was faster.
    """
    access.require_operator()
    current = CanaryRun.objects.filter(model_version=model, is_current=True)
    drifted = current.filter(outcome=CanaryOutcome.DRIFTED)
    latest = drifted.order_by("-pk").first()
    if latest is None:
        raise InvalidTransition(_("No canary of this model has changed: nothing to accept."))
    chosen = drifted.filter(environment=latest.environment, slot_id=latest.slot_id)
    numbers = {run.number: run.pk for run in chosen}
    current.filter(weights=latest.weights, number__in=numbers).exclude(
        pk__in=numbers.values()
    ).update(is_current=False)
    accepted = drifted.filter(pk__in=numbers.values()).update(outcome=CanaryOutcome.STORED)
    if accepted != len(numbers):
        raise InvalidTransition
    let_go(model.pk, code=DRIFTED)
    _record(access, "accepted", model, count=accepted)
    return accepted


@transaction.atomic
def reset_canaries(*, access: Access, model: ModelVersion) -> int:
    """Forget every reference of the model, and let it work again; return how many were forgotten.

    What it draws when it is next loaded becomes the reference.
    """
    access.require_operator()
    current = CanaryRun.objects.filter(model_version=model, is_current=True)
    forgotten = current.filter(outcome=CanaryOutcome.STORED).count()
    current.update(is_current=False)
    let_go(model.pk, code=DRIFTED)
    _record(access, "reset", model, count=forgotten)
    return forgotten


_BLOCKED = "This model draws other pictures here than it did, so it waits for an operator."


def _draw_what_is_due(place: _Place, engine: ImageEngine, on_progress: OnProgress) -> None:
    done = {run.number for run in _runs_of(place)}
    for number, spec in enumerate(specs_for(ModelRef(place.model.name, place.model.revision))):
        if number in done:
            continue
        try:
            picture = engine.generate(spec, on_progress=on_progress).picture
        except EngineError as error:
            if error.fatal or isinstance(error, Cancelled):
                raise
            log.warning("canary.failed", model=place.model.name, code=error.code, why=error.detail)
            return
        try:
            run = _keep(place, number, picture)
        except storage.StorageError as error:
            log.warning("canary.not_kept", model=place.model.name, reason=str(error))
            return
        log.info(
            "canary.drawn",
            model=place.model.name,
            number=number,
            outcome=run.outcome,
            difference=run.difference,
        )


def _runs_of(place: _Place) -> list[CanaryRun]:
    """What is known of this very place, by number."""
    return list(
        CanaryRun.objects.filter(
            model_version=place.model,
            slot=place.slot,
            environment=place.environment,
            is_current=True,
        ).order_by("number")
    )


def _keep(place: _Place, number: int, picture: Pillow.Image) -> CanaryRun:
    """Write down what the canary says; the first one of its kind becomes the reference."""
    if _reference(place, number) is None:
        path = _store(place.model, picture)
        try:
            with transaction.atomic():
                return _write(place, number, picture, CanaryOutcome.STORED, path=path)
        except IntegrityError:
            pass  # another worker was faster: compare with its picture
    apart = _difference(_reference(place, number), picture)
    outcome = outcome_of(apart)
    path = _store(place.model, picture) if outcome == CanaryOutcome.DRIFTED else ""
    return _write(place, number, picture, outcome, path=path, apart=apart)


def _reference(place: _Place, number: int) -> CanaryRun | None:
    return CanaryRun.objects.filter(
        model_version=place.model,
        weights=place.weights,
        number=number,
        outcome=CanaryOutcome.STORED,
        is_current=True,
    ).first()


def _write(
    place: _Place,
    number: int,
    picture: Pillow.Image,
    outcome: CanaryOutcome,
    *,
    path: str,
    apart: float | None = None,
) -> CanaryRun:
    return CanaryRun.objects.create(
        model_version=place.model,
        slot=place.slot,
        number=number,
        weights=place.weights,
        environment=place.environment,
        device=place.setup.device_name[:120],
        load_mode=place.setup.load_mode,
        libraries=versions_of(place.setup),
        sha256=pixels_key(picture),
        path=path,
        difference=apart,
        outcome=outcome,
    )


def _difference(reference: CanaryRun | None, picture: Pillow.Image) -> float | None:
    """How far the picture is from the reference; `None` when that is lost or damaged."""
    if reference is None:
        return None
    if reference.sha256 == pixels_key(picture):
        return 0.0
    try:
        kept = Pillow.open(io.BytesIO(storage.read(reference.path)))
        if pixels_key(kept) == reference.sha256:
            return difference(kept, picture)
    except (storage.FileMissing, UnidentifiedImageError, OSError, ValueError) as error:
        log.error("canary.reference_lost", path=reference.path, reason=str(error))  # noqa: TRY400  # no fault of the code
        return None
    log.error("canary.reference_lost", path=reference.path, reason="other pixels")
    return None


def _store(model: ModelVersion, picture: Pillow.Image) -> str:
    """Keep the picture in the archive, under the hash of its file; return its path."""
    data = io.BytesIO()
    picture.save(data, "PNG")
    path = storage.original_path(
        organization_id=FOLDER,
        project_id=model.pk,
        sha256=storage.sha256_of(data.getvalue()),
        extension="png",
    )
    storage.write_once(path, data.getvalue())
    return path


def _block(worker: Worker, model: ModelVersion) -> None:
    if worker.slot_id is not None:
        hold_back(worker.slot_id, model.pk, code=DRIFTED, message=_BLOCKED)


def _record(access: Access, happened: str, model: ModelVersion, *, count: int) -> None:
    record(access, f"generation.canary.{happened}", model, organization_id=None, count=count)
