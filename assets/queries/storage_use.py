"""How much room the pictures of a project take."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, F, Sum

from accounts.access import Access
from accounts.models import Project, User
from accounts.roles import Permission
from assets.models import Image, ImageRendition, ProjectTally


@dataclass(frozen=True, slots=True)
class StorageUse:
    """Pictures and bytes of a gallery and of its trash, smaller versions included."""

    images: int = 0
    bytes: int = 0
    trashed_images: int = 0
    trashed_bytes: int = 0

    @property
    def all_bytes(self) -> int:
        """What gallery and trash take together."""
        return self.bytes + self.trashed_bytes

    @property
    def gallery_percent(self) -> int:
        """How much of it is the gallery, in percent."""
        return round(100 * self.bytes / self.all_bytes) if self.all_bytes else 0


@dataclass(frozen=True, slots=True)
class PersonsUse:
    """What one person's pictures take, those in the trash included."""

    person: User
    images: int
    bytes: int


def storage_of(access: Access, project_id: int) -> StorageUse:
    """From the tally that every action keeps: one look-up, however many pictures there are."""
    return storage_of_all(access, [project_id]).get(project_id, StorageUse())


def storage_of_all(access: Access, project_ids: list[int]) -> dict[int, StorageUse]:
    """The same for several projects, in one query; one without pictures is left out."""
    tallies = ProjectTally.objects.visible_to(access).filter(project__in=project_ids)
    return {
        tally.project_id: StorageUse(
            tally.images, tally.bytes, tally.trashed_images, tally.trashed_bytes
        )
        for tally in tallies
    }


def storage_by_person(access: Access, project: Project) -> list[PersonsUse]:
    """Who has how much, the most first. Counts every picture: only when somebody asks."""
    access.require(Permission.MANAGE_PROJECT, project.pk)
    images = Image.objects.visible_to(access).filter(project=project).order_by()
    originals = {
        row["created_by_id"]: (row["images"], row["size"])
        for row in images.values("created_by_id").annotate(images=Count("pk"), size=Sum("bytes"))
    }
    renditions = dict(
        ImageRendition.objects.filter(image__project=project)
        .order_by()
        .values_list(F("image__created_by_id"))
        .annotate(size=Sum("bytes"))
    )
    people = User.objects.in_bulk(list(originals))
    use = [
        PersonsUse(people[person_id], images, size + (renditions.get(person_id) or 0))
        for person_id, (images, size) in originals.items()
    ]
    return sorted(use, key=lambda each: (-each.bytes, each.person.name))
