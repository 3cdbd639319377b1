"""The snapshot of an imported picture: what its file says, and nothing that it does not say."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from accounts.models import Project, User
from assets.foreign.record import ForeignRecord
from assets.hardening import HardenedPicture
from assets.snapshot import (
    EngineRun,
    ImportedFrom,
    MetadataSnapshot,
    Model,
    Named,
    Origin,
    Picture,
    Who,
    Words,
)


def snapshot_of(
    *,
    project: Project,
    person: User,
    hardened: HardenedPicture,
    record: ForeignRecord | None,
    name: str,
    sha256: str,
    made_at: datetime,
) -> MetadataSnapshot:
    """Everything known about an imported picture. `project` comes with its organization."""
    found = record or ForeignRecord(tool="")
    width, height = hardened.picture.size
    snapshot = MetadataSnapshot(
        words=Words(
            prompt=found.prompt or "", final_prompt=None, negative_prompt=found.negative_prompt
        ),
        picture=Picture(
            width=width,
            height=height,
            seed=found.seed,
            steps=found.steps,
            cfg=found.cfg,
            sigma_shift=found.sigma_shift,
            sampler=found.sampler,
            schedule=found.schedule,
            asked_width=found.asked_width,
            asked_height=found.asked_height,
        ),
        model=Model(
            name=found.model_name or "", main_hash=found.model_hash, loras=tuple(found.loras)
        ),
        engine=EngineRun(engine=found.tool, version=found.tool_version, is_preview=False),
        who=Who(
            organization=Named(id=str(project.organization_id), name=str(project.organization)),
            project=Named(id=str(project.pk), name=project.name),
            person=Named(id=str(person.pk), name=str(person)),
        ),
        created_at=made_at,
        origin=Origin(
            strength=found.strength,
            imported=ImportedFrom(
                name=name,
                sha256=sha256,
                format=hardened.format,
                tool=found.tool or None,
                tool_version=found.tool_version,
                label=hardened.carried.label,
            ),
        ),
    )
    return snapshot if found.snapshot is None else _come_home(snapshot, found.snapshot)


def _come_home(snapshot: MetadataSnapshot, ours: MetadataSnapshot) -> MetadataSnapshot:
    """With what only our own files tell: words as typed, template, weights, machine, seconds.

    Not who made it, from which pictures, and what checks said: those are rows and decisions of
    another place, and anybody can write them into a file.
    """
    return replace(
        snapshot,
        words=ours.words,
        picture=replace(snapshot.picture, size_reason=ours.picture.size_reason),
        model=ours.model,
        engine=ours.engine,
        timing=ours.timing,
    )
