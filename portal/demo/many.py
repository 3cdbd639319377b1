"""An archive of any size, to try the site with: rows by the hundred thousand, files that are real.

What it makes differs from real work in one thing: rows are written in bulk and not one by one
through the action that archives a picture. Every row is what that action would have written.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from accounts.grants import apply
from accounts.models import Membership, Organization, Project, User
from accounts.roles import Role
from assets.actions.indexing import index_images
from assets.actions.tallying import count_arrived
from assets.models import (
    Image,
    ImageComment,
    ImageMark,
    ImageRendition,
    ImageTag,
    Tag,
)
from assets.snapshot import (
    EngineRun,
    File,
    Lora,
    MetadataSnapshot,
    Model,
    Named,
    Picture,
    Timing,
    Who,
    Words,
)
from assets.types import ReviewStatus
from portal.demo.corpus import Written, prompts
from portal.demo.pool import Pool, PooledPicture

AT_ONCE = 1000
SIZES = ((1024, 1024), (768, 1024), (1024, 768), (1344, 768), (768, 1344))
MODELS = (
    ("Z-Image-Turbo", 0.62),
    ("Z-Image", 0.16),
    ("Z-Image-Omni-Base", 0.08),
    ("Qwen-Image", 0.05),
    ("FLUX.1-dev", 0.04),
    ("SDXL 1.0", 0.03),
    ("Kolors", 0.02),
)
STATUSES = (
    (ReviewStatus.DRAFT, 0.80),
    (ReviewStatus.PENDING, 0.03),
    (ReviewStatus.CHANGES_REQUESTED, 0.02),
    (ReviewStatus.APPROVED, 0.12),
    (ReviewStatus.REJECTED, 0.03),
)
LORAS = ("watercolour", "水墨", "product-shot", "film-grain")
TAGS = ("hero", "banner", "春节", "产品图", "social", "备选", "print", "客户已看", "reuse", "草稿")
Value = TypeVar("Value")
Made = tuple[Image, PooledPicture | None]


@dataclass(frozen=True, slots=True)
class Place:
    """Where the images go: a project, its people, and how many of all images it gets."""

    project: Project
    people: Sequence[User]
    share: float


def filling(*, places: Sequence[Place], images: int, seed: int, pool: Pool | None) -> Iterator[int]:
    """Fill the projects with `images` images over two years, newest last; without `pool` no files.

    Gives the number of images there are, after each thousand. The same arguments give the same
    prompts, seeds and sizes.
    """
    chance = random.Random(seed)
    written = prompts(seed)
    now = timezone.now()
    span = timedelta(days=730)
    maker = _Maker(chance, pool)
    made = 0
    tags = {place.project.pk: _tags_of(place) for place in places}
    while made < images:
        several: list[Made] = []
        while len(several) < AT_ONCE and made < images:
            place = _draw(chance, [(place, place.share) for place in places])
            when = now - span + span * (made / images)
            count = min(chance.choice((1, 1, 2, 4, 4, 4, 8)), images - made)
            several += maker.request(place, next(written), when, count)
            made += count
        _write(several, tags, chance)
        yield made
    analyze()


def make_places(*, organizations: int = 3, name: str = "Million 万图", slug: str) -> list[Place]:
    """One large organization with six projects and twenty people, and some others beside it.

    The first person, `<slug>@example.com`, is a member of three projects only.
    """
    places: list[Place] = []
    for number in range(organizations):
        is_large = number == 0
        organization = Organization.objects.create(
            name=name if is_large else f"{name} {number + 1}",
            slug=slug if is_large else f"{slug}-{number + 1}",
        )
        shares = (0.55, 0.14, 0.08, 0.05, 0.03, 0.02) if is_large else (0.13 / (organizations - 1),)
        projects = [
            Project.objects.create(organization=organization, name=f"{PROJECTS[place]}")
            for place in range(len(shares))
        ]
        people = [
            User.objects.create_user(
                f"{slug}-{number}-{each}@example.com", None, name=f"{PEOPLE[each % len(PEOPLE)]}"
            )
            for each in range(20 if is_large else 3)
        ]
        for each in people:
            Membership.objects.create(user=each, organization=organization, role=Role.USER.value)
            apply(user_id=each.pk, organization_id=organization.pk)
        if is_large:
            _member_of_three(slug, organization, projects)
        places += [
            Place(project, people, share) for project, share in zip(projects, shares, strict=True)
        ]
    return places


PROJECTS = ("宠物主题", "产品背景", "Autumn campaign", "春节海报", "Packaging", "Moodboards")
PEOPLE = (
    "李雷", "韩梅梅", "王小明", "Chen", "Noor", "Sofia", "张伟", "刘洋", "Emma", "赵敏",
)  # fmt: skip


def _member_of_three(slug: str, organization: Organization, projects: Sequence[Project]) -> None:
    person = User.objects.create_user(f"{slug}@example.com", None, name="Uma")
    for project in projects[:3]:
        Membership.objects.create(
            user=person, organization=organization, role=Role.USER.value, project=project
        )
    apply(user_id=person.pk, organization_id=organization.pk)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What all images of a request have in common."""

    place: Place
    person: User
    words: Written
    request_id: UUID
    model: str
    size: tuple[int, int]
    steps: int
    cfg: float
    status: ReviewStatus
    loras: tuple[Lora, ...]


class _Maker:
    """Makes the images of one request after the other."""

    def __init__(self, chance: random.Random, pool: Pool | None) -> None:
        self._chance = chance
        self._pool = pool
        self._earlier: dict[int, list[Image]] = defaultdict(list)

    def request(self, place: Place, words: Written, when: datetime, count: int) -> list[Made]:
        """The unsaved images of one request."""
        chance = self._chance
        person = place.people[min(int(chance.expovariate(0.25)), len(place.people) - 1)]
        request_id = UUID(int=chance.getrandbits(128), version=4)
        model = _draw(chance, MODELS)
        size = chance.choice(SIZES)
        steps = chance.choice((8, 8, 8, 9, 12, 20, 30))
        cfg = chance.choice((1.0, 1.0, 1.0, 2.5, 4.0, 7.0))
        status = _draw(chance, STATUSES)
        loras = (Lora(name=chance.choice(LORAS), weight=0.8),) if chance.random() < 0.15 else ()
        asked = _Asked(place, person, words, request_id, model, size, steps, cfg, status, loras)
        images = [self._image(asked, when + timedelta(seconds=4 * each)) for each in range(count)]
        self._remember(place.project.pk, images[0][0])
        return images

    def _remember(self, project_id: int, image: Image) -> None:
        """Keep some images at hand, from which later ones are derived."""
        self._earlier[project_id].append(image)
        del self._earlier[project_id][:-50]

    def _parent(self, project_id: int) -> Image | None:
        saved = [image for image in self._earlier[project_id] if image.pk]
        return self._chance.choice(saved) if saved and self._chance.random() < 0.04 else None

    def _image(self, asked: _Asked, when: datetime) -> Made:
        chance = self._chance
        uid = UUID(int=chance.getrandbits(128), version=4)
        seed = chance.randrange(2**31)
        organization, project = asked.place.project.organization, asked.place.project
        stored = (
            self._pool.store(organization.pk, project.pk, uid, asked.size) if self._pool else None
        )
        sha256 = stored.sha256 if stored else f"{chance.getrandbits(256):064x}"
        path = stored.path if stored else f"{organization.pk}/{project.pk}/{uid}.png"
        length = stored.bytes if stored else chance.randrange(900_000, 2_400_000)
        is_rated = chance.random() < 0.03
        file = File(sha256=sha256, bytes=length, format="PNG")
        wait = round(chance.expovariate(0.2), 2)
        snapshot = _snapshot(asked, seed=seed, when=when, wait=wait, file=file)
        image = Image(
            uid=uid,
            project=project,
            created_by=asked.person,
            created_at=when,
            archived_at=when,
            review_status=asked.status,
            path=path,
            sha256=sha256,
            bytes=length,
            width=asked.size[0],
            height=asked.size[1],
            prompt=asked.words.prompt,
            negative_prompt=asked.words.negative_prompt,
            seed=seed,
            steps=asked.steps,
            cfg=asked.cfg,
            model_name=asked.model,
            parent=self._parent(project.pk),
            request_id=asked.request_id,
            archive_name=f"{project.pk}_{when:%Y%m%d}_{uid.hex[:12]}.png"
            if asked.status == ReviewStatus.APPROVED
            else None,
            reuse_count=chance.randrange(1, 9) if chance.random() < 0.02 else 0,
            rating=chance.choice((2, 3, 4, 4, 5)) if is_rated else None,
            rating_count=is_rated,
            comment_count=chance.random() < 0.005,
            metadata=snapshot.to_json(),
            placeholder=stored.placeholder if stored else "",
        )
        return image, stored


def _snapshot(
    asked: _Asked, *, seed: int, when: datetime, wait: float, file: File
) -> MetadataSnapshot:
    organization, project = asked.place.project.organization, asked.place.project
    return MetadataSnapshot(
        words=Words(
            prompt=asked.words.prompt,
            final_prompt=None,
            negative_prompt=asked.words.negative_prompt or None,
        ),
        picture=Picture(
            width=asked.size[0],
            height=asked.size[1],
            seed=seed,
            steps=asked.steps,
            cfg=asked.cfg,
            sigma_shift=3.0,
            sampler="Euler",
        ),
        model=Model(name=asked.model, revision="2025-11", loras=asked.loras),
        engine=EngineRun(
            engine="diffsynth",
            version="2.1.12",
            is_preview=False,
            libraries={"diffsynth": "2.1.12", "torch": "2.9.0"},
            device="NVIDIA L4",
            dtype="bfloat16",
            vram_tier="24",
        ),
        who=Who(
            organization=Named(id=str(organization.pk), name=organization.name),
            project=Named(id=str(project.pk), name=project.name),
            person=Named(id=str(asked.person.pk), name=asked.person.name),
            request_id=str(asked.request_id),
            worker="gpu-1",
        ),
        timing=Timing(queue_wait=wait, denoise=4.2, decode=0.3),
        created_at=when,
        file=file,
    )


def _write(made: Sequence[Made], tags: dict[int, list[Tag]], chance: random.Random) -> None:
    with transaction.atomic():
        images = Image.objects.bulk_create(image for image, _stored in made)
        ImageRendition.objects.bulk_create(
            ImageRendition(
                image=image,
                kind=file.kind,
                path=file.path,
                width=file.width,
                height=file.height,
                bytes=file.bytes,
            )
            for image, (_unsaved, stored) in zip(images, made, strict=True)
            if stored
            for file in stored.renditions
        )
        ImageTag.objects.bulk_create(
            ImageTag(
                image=image, tag=chance.choice(tags[image.project_id]), added_by=image.created_by
            )
            for image in images
            if chance.random() < 0.12
        )
        ImageMark.objects.bulk_create(
            ImageMark(
                image=image,
                user=image.created_by,
                is_starred=chance.random() < 0.4,
                rating=image.rating,
            )
            for image in images
            if image.rating
        )
        ImageComment.objects.bulk_create(
            ImageComment(image=image, author=image.created_by, text="很好，用在首页 banner。")
            for image in images
            if image.comment_count
        )
        count_arrived(images=images)
        index_images(image_ids=[image.pk for image in images])


def _tags_of(place: Place) -> list[Tag]:
    return [
        Tag.objects.get_or_create(
            project=place.project,
            key=name.casefold(),
            defaults={"name": name, "created_by": place.people[0]},
        )[0]
        for name in TAGS
    ]


def analyze() -> None:
    """Let the planner know what it has to do with."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _draw(chance: random.Random, shares: Sequence[tuple[Value, float]]) -> Value:
    """One of the values, each as often as its share says."""
    return chance.choices([value for value, _ in shares], [share for _, share in shares])[0]
