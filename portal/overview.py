"""What the overview of a project shows, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from accounts.access import Access
from accounts.models import Project, User
from accounts.queries.members import people_in_project
from accounts.roles import Permission
from assets.models import Image, Operation
from assets.queries.collections import Node, tree_of
from assets.queries.highlights import best_in, most_reused_in, newest_in, to_correct
from assets.queries.marks import starred_by
from assets.queries.operations import project_operations
from assets.queries.reuse import Reuse, reuse_of
from assets.queries.review_queue import waiting_for_review
from assets.queries.storage_use import StorageUse, storage_of
from assets.types import OperationStatus
from generation.models import GenerationJob
from generation.types import JobStatus

STRIP = 10
FEW = 6
PEOPLE = 12
OPEN = [OperationStatus.WAITING, OperationStatus.RUNNING]


@dataclass(frozen=True, slots=True)
class Overview:
    """One project at a glance."""

    recent: Sequence[Image]
    best: Sequence[Image]
    starred: Sequence[Image]
    reused: Sequence[Image]
    to_correct: Sequence[Image]
    waiting_for_review: int
    collections: Sequence[Node]
    people: Sequence[User]
    more_people: int
    storage: StorageUse
    reuse: Reuse
    open_jobs: int
    operations: Sequence[Operation] = field(default_factory=list)

    @property
    def is_new(self) -> bool:
        """Whether nothing hangs here yet, so that the first steps are what helps."""
        return not self.recent


def overview_of(access: Access, project: Project) -> Overview:
    """Collect the overview: seventeen queries at most, each along the beginning of an index."""
    people = people_in_project(access, project)
    reviews = access.allows(Permission.REVIEW_IMAGES, project.pk)
    return Overview(
        recent=list(newest_in(access, project.pk)[:STRIP]),
        best=list(best_in(access, project.pk)[:STRIP]),
        starred=starred_by(access, project_id=project.pk, size=STRIP),
        reused=list(most_reused_in(access, project.pk)[:STRIP]),
        to_correct=list(to_correct(access, project.pk)[:FEW]),
        waiting_for_review=waiting_for_review(access, project.pk) if reviews else 0,
        collections=tree_of(access, project.pk)[:FEW],
        people=people[:PEOPLE],
        more_people=max(0, len(people) - PEOPLE),
        storage=storage_of(access, project.pk),
        reuse=reuse_of(access, project.pk),
        open_jobs=GenerationJob.objects.visible_to(access)
        .filter(project_id=project.pk, status__in=[JobStatus.QUEUED, JobStatus.RUNNING])
        .count(),
        operations=list(project_operations(access, project.pk).filter(status__in=OPEN)[:FEW]),
    )
