"""What the canaries say of the models: for those who look after them, and with nobody's data."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.access import Access
from accounts.errors import NotVisible
from generation.breaking import is_held
from generation.drifting import changes_between
from generation.engines.canary import PROMPTS, TOLERANCE
from generation.models import CanaryRun, CircuitBreaker, ModelVersion
from generation.types import CanaryOutcome


@dataclass(frozen=True, slots=True)
class Pair:
    """One canary in one place: its words, the reference (`None` where it was lost), and now."""

    prompt: str
    reference: CanaryRun | None
    run: CanaryRun


@dataclass(frozen=True, slots=True, kw_only=True)
class CanaryPlace:
    """What was drawn last in one place.

    `changes` tells what is of another version there than where the reference was drawn. `is_held`:
    the model may not work there because of it.
    """

    name: str
    pairs: Sequence[Pair]
    changes: Sequence[str]
    is_held: bool

    @property
    def latest(self) -> CanaryRun:
        """The newest picture, for what all of them have in common."""
        return max((pair.run for pair in self.pairs), key=lambda run: run.pk)

    @property
    def outcome(self) -> str:
        """The worst of what its canaries say."""
        outcomes = {pair.run.outcome for pair in self.pairs}
        order = (CanaryOutcome.DRIFTED, CanaryOutcome.SAME, CanaryOutcome.STORED)
        return next(each.value for each in order if each in outcomes)

    @property
    def difference(self) -> float | None:
        """How far the farthest is from its reference, in levels; `None` if one has none."""
        drifted = [pair.run.difference for pair in self.pairs]
        known = [each for each in drifted if each is not None]
        is_lost = any(
            pair.run.outcome == CanaryOutcome.DRIFTED and pair.run.difference is None
            for pair in self.pairs
        )
        return None if is_lost else max(known, default=0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class CanaryState:
    """What is known of one model. Without places no canary was drawn yet, or all are forgotten."""

    model: ModelVersion
    places: Sequence[CanaryPlace]
    tolerance: float = TOLERANCE

    @property
    def outcome(self) -> str:
        """`stored`, `same`, `drifted`, or empty before the first canary."""
        outcomes = {place.outcome for place in self.places}
        order = (CanaryOutcome.DRIFTED, CanaryOutcome.SAME, CanaryOutcome.STORED)
        return next((each.value for each in order if each.value in outcomes), "")

    @property
    def has_drifted(self) -> bool:
        """Whether somebody has to look."""
        return self.outcome == CanaryOutcome.DRIFTED

    @property
    def is_held(self) -> bool:
        """Whether the model may not work somewhere because of it."""
        return any(place.is_held for place in self.places)

    @property
    def checked_at(self) -> datetime | None:
        """When a canary was drawn last."""
        return max((place.latest.created_at for place in self.places), default=None)


def canary_state(models: Iterable[ModelVersion]) -> dict[int, CanaryState]:
    """What the canaries say of each of these models, by id; two queries for all of them."""
    wanted = {model.pk: model for model in models}
    runs: dict[int, list[CanaryRun]] = {pk: [] for pk in wanted}
    rows = CanaryRun.objects.filter(model_version__in=list(wanted), is_current=True)
    for run in rows.select_related("slot").order_by("pk"):
        runs[run.model_version_id].append(run)
    breakers = CircuitBreaker.objects.filter(model_version__in=list(wanted))
    held = {(each.model_version_id, each.slot_id) for each in breakers if is_held(each.state)}
    return {
        pk: CanaryState(model=model, places=list(_places(runs[pk], pk, held)))
        for pk, model in wanted.items()
    }


def canaries_for(access: Access, model_id: int) -> CanaryState:
    """What the canaries say of one model, for operators.

    Raises:
        NotPermitted: only operators may see it.
        NotVisible: there is no such model.
    """
    access.require_operator()
    model = ModelVersion.objects.filter(pk=model_id).first()
    if model is None:
        raise NotVisible
    return canary_state([model])[model.pk]


def canary_picture(access: Access, model_id: int, run_id: int) -> CanaryRun:
    """A canary whose picture was kept, for operators; raises as `canaries_for` does."""
    access.require_operator()
    kept = CanaryRun.objects.filter(pk=run_id, model_version_id=model_id).exclude(path="")
    run = kept.first()
    if run is None:
        raise NotVisible
    return run


def models_with_canaries() -> list[CanaryState]:
    """The state of every model that has canaries, by name."""
    drawn = ModelVersion.objects.filter(canary_runs__is_current=True).distinct()
    return list(canary_state(drawn.order_by("name", "pk")).values())


def _places(
    runs: Sequence[CanaryRun], model_id: int, held: Collection[tuple[int, int]]
) -> Iterator[CanaryPlace]:
    """The newest environment of each slot, by the name of the slot; `runs` are in their order."""
    references = {
        (run.weights, run.number): run for run in runs if run.outcome == CanaryOutcome.STORED
    }
    newest = {run.slot_id: run for run in runs}
    for last in sorted(newest.values(), key=_name_of):
        here = [
            run
            for run in runs
            if run.slot_id == last.slot_id and run.environment == last.environment
        ]
        pairs = [
            Pair(PROMPTS[run.number][0], references.get((run.weights, run.number)), run)
            for run in sorted(here, key=lambda run: run.number)
        ]
        yield CanaryPlace(
            name=_name_of(last),
            pairs=pairs,
            changes=_changes(pairs[0].reference, last),
            is_held=(model_id, last.slot_id) in held,
        )


def _name_of(run: CanaryRun) -> str:
    return str(run.slot) if run.slot else run.device


def _changes(reference: CanaryRun | None, run: CanaryRun) -> list[str]:
    if reference is None:
        return []
    return changes_between(_facts(reference), _facts(run))


def _facts(run: CanaryRun) -> dict[str, str]:
    """What decides about the pixels; the names are those of the record of a picture."""
    return {**run.libraries, "device": run.device, "load mode": run.load_mode}


def kept_paths(paths: Collection[str]) -> set[str]:
    """Those of some paths of the archive where a canary's picture is kept."""
    return set(CanaryRun.objects.filter(path__in=list(paths)).values_list("path", flat=True))
