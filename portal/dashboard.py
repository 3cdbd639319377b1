"""What the home page shows, in a constant number of queries."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import Count, OuterRef, Subquery

from accounts.access import Access
from accounts.models import Project
from accounts.queries.projects import projects_of
from accounts.roles import Permission
from assets.models import Collection, Image, Operation, Review, SavedSearch
from assets.queries.highlights import (
    mine,
    mine_most_reused,
    my_collections,
    my_searches,
    to_correct,
)
from assets.queries.marks import starred_by
from assets.queries.operations import my_operations
from assets.types import OperationStatus, ReviewStatus
from generation.models import GenerationJob
from generation.queries.machines import troubles_now
from generation.types import JobStatus, Trouble

COVERS = 5
RECENT = 12
TO_CORRECT = 6
FEW = 8
OPEN = [OperationStatus.WAITING, OperationStatus.RUNNING]


@dataclass(frozen=True, slots=True)
class ProjectTile:
    """A project with its newest pictures, and how many others' pictures wait for this person."""

    project: Project
    covers: list[Image]
    waiting_for_review: int


@dataclass(frozen=True, slots=True)
class Dashboard:
    """The home page of one person."""

    tiles: list[ProjectTile]
    to_correct: list[Image] = field(default_factory=list)  # each with `asked_for` and `asked_by`
    mine: list[Image] = field(default_factory=list)
    starred: list[Image] = field(default_factory=list)
    reused: list[Image] = field(default_factory=list)
    collections: list[Collection] = field(default_factory=list)
    searches: list[SavedSearch] = field(default_factory=list)
    operations: list[Operation] = field(default_factory=list)  # still open
    open_jobs: int = 0
    troubles: list[Trouble] = field(default_factory=list)  # of the workers, told to operators

    @property
    def waiting_for_review(self) -> int:
        """Pictures that wait for this person's decision, over all projects."""
        return sum(tile.waiting_for_review for tile in self.tiles)

    @property
    def next_review(self) -> Project | None:
        """The project where a decision is waited for."""
        for tile in self.tiles:
            if tile.waiting_for_review:
                return tile.project
        return None


def dashboard_of(access: Access) -> Dashboard:
    """Collect the home page: twelve queries, however many projects and pictures there are.

    Two more for those who operate the site.
    """
    projects = list(projects_of(access))
    covers = _covers(access)
    waiting = _waiting_for_review(access)
    newest_review = Review.objects.filter(image=OuterRef("pk")).order_by("-id")
    return Dashboard(
        tiles=[
            ProjectTile(project, covers.get(project.pk, []), waiting.get(project.pk, 0))
            for project in projects
        ],
        to_correct=list(
            to_correct(access)
            .select_related("project")
            .annotate(
                asked_for=Subquery(newest_review.values("comment")[:1]),
                asked_by=Subquery(newest_review.values("reviewer__name")[:1]),
            )[:TO_CORRECT]
        ),
        mine=list(mine(access)[:RECENT]),
        starred=starred_by(access, size=RECENT),
        reused=list(mine_most_reused(access)[:RECENT]),
        collections=list(my_collections(access)[:FEW]),
        searches=list(my_searches(access)[:FEW]),
        operations=list(my_operations(access).filter(status__in=OPEN)[:FEW]),
        open_jobs=GenerationJob.objects.visible_to(access)
        .filter(created_by_id=access.user_id, status__in=[JobStatus.QUEUED, JobStatus.RUNNING])
        .count(),
        troubles=troubles_now() if access.operates_site else [],
    )


def _covers(access: Access) -> dict[int, list[Image]]:
    """The newest pictures of each project.

    One index look-up per cover finds their ids, so that the size of the archive does not matter.
    """
    newest = (
        Image.objects.filter(project_id=OuterRef("pk"))
        .in_gallery()
        .exclude(review_status=ReviewStatus.REJECTED)
        .order_by("-id")
        .values("pk")
    )
    places = {f"cover_{place}": Subquery(newest[place : place + 1]) for place in range(COVERS)}
    rows = list(Project.objects.visible_to(access).annotate(**places).values("pk", *places))
    ids = [row[place] for row in rows for place in places if row[place]]
    images = Image.objects.visible_to(access).defer("metadata").in_bulk(ids)
    return {
        row["pk"]: [images[row[place]] for place in places if row[place] in images] for row in rows
    }


def _waiting_for_review(access: Access) -> dict[int, int]:
    rows = (
        Image.objects.visible_to(access, Permission.REVIEW_IMAGES)
        .in_gallery()
        .filter(review_status=ReviewStatus.PENDING)
        .exclude(created_by_id=access.user_id)
        .values("project_id")
        .annotate(waiting=Count("pk"))
        .values_list("project_id", "waiting")
    )
    return dict(rows)
