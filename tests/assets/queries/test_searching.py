"""What every field finds, on real rows; what of it is found how fast is in test_search_plans."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from assets.actions.indexing import index_images
from assets.models import (
    Collection,
    CollectionItem,
    Image,
    ImageComment,
    ImageMark,
    ImageTag,
    NearDuplicate,
    Tag,
)
from assets.queries import searching
from assets.queries.searching import (
    Place,
    as_queryset,
    count_of,
    finds,
    ids_of,
    page_of,
    prepare,
)
from assets.search.language import parse
from assets.search.language.fields import FIELDS, Kind
from assets.snapshot import ImportedFrom
from assets.types import ReviewStatus, Source
from tests.assets.builders import make_image
from tests.assets.many import make_rows
from tests.assets.snapshots import make_snapshot
from tests.builders import access_of

RICH = make_snapshot()


def search(world, query, person=None, project=None):
    reading = parse(query)
    assert not reading.mistakes, [str(each.words) for each in reading.mistakes]
    access = access_of(person or world.uma)
    return prepare(access, (project or world.pets).pk, reading.query)


def found(world, query, person=None, **options):
    """The prompts that a query finds, in its order."""
    places = page_of(search(world, query, person, **options), size=50)
    prompts = dict(Image.objects.values_list("pk", "prompt"))
    return [prompts[place.id] for place in places]


@pytest.fixture
def plain(world):
    """A picture of which little is known."""
    bare = replace(
        RICH,
        words=replace(RICH.words, prompt="plain", final_prompt=None, template=None),
        picture=replace(
            RICH.picture,
            width=512,
            height=768,
            seed=7,
            steps=20,
            cfg=3.5,
            sigma_shift=None,
            sampler=None,
            asked_width=None,
            asked_height=None,
            size_reason=None,
        ),
        model=replace(
            RICH.model, name="Other", revision=None, main_hash=None, weight_hashes={}, loras=()
        ),
        engine=replace(
            RICH.engine,
            engine="preview",
            version=None,
            is_preview=True,
            libraries={},
            device=None,
            dtype=None,
            load_mode=None,
            vram_tier=None,
            peak_vram_bytes=None,
        ),
        who=replace(RICH.who, worker=None, request_id=None, job_id=None),
        origin=type(RICH.origin)(),
        timing=type(RICH.timing)(),
        verdicts=type(RICH.verdicts)(),
        created_at=datetime(2024, 6, 30, 18, 0, tzinfo=UTC),  # the first of July in Shanghai
    )
    return make_image(world.pets, world.paul, snapshot=bare, archived_at=bare.created_at)


@pytest.fixture
def rich(world, plain):
    """A picture of which everything is known, newer than the plain one."""
    picture = replace(RICH.picture, schedule="Simple", cfg=1.25)
    names = replace(
        RICH.who,
        organization=replace(RICH.who.organization, name="Paws"),
        request_id="0190a6c2-5b7e-7c3a-9d51-3f2b8a61e0c4",
        job_id="0190a6c2-5b7e-7c3a-9d51-3f2b8a61e0c5",
    )
    versions = {**RICH.engine.libraries, "cuda": "12.8", "driver": "570.86"}
    engine = replace(RICH.engine, libraries=versions)
    origin = replace(
        RICH.origin,
        input_image=replace(RICH.origin.input_image, id="0190a6c2-5b7e-7c3a-9d51-3f2b8a61e0c6"),
        imported=ImportedFrom(
            name="holiday.png",
            sha256="e5" * 32,
            format="PNG",
            tool="ComfyUI",
            tool_version="0.3.40",
            label={"Label": "1"},
        ),
    )
    image = make_image(
        world.pets,
        world.uma,
        snapshot=replace(RICH, picture=picture, who=names, origin=origin, engine=engine),
        rating=4.3,
        rating_count=3,
        reuse_count=2,
        review_status=ReviewStatus.APPROVED,
        archive_name="BLUE-0042.png",
        archived_at=datetime(2025, 1, 6, tzinfo=UTC),
        source=Source.IMPORTED,
        bytes=3 * 1024**2,
        parent=plain,
    )
    tag = Tag.objects.create(
        project=world.pets, name="主角 Hero", key="主角 hero", created_by=world.uma
    )
    ImageTag.objects.create(image=image, tag=tag, added_by=world.uma)
    collection = Collection.objects.create(project=world.pets, name="Spring", created_by=world.uma)
    CollectionItem.objects.create(
        collection=collection, image=image, position=1, added_by=world.uma
    )
    ImageComment.objects.create(image=image, author=world.uma, text="更柔和的光线")
    ImageMark.objects.create(image=image, user=world.uma, is_starred=True)
    NearDuplicate.objects.create(project=world.pets, first=plain, second=image, distance=2)
    index_images(image_ids=[image.pk, plain.pk])
    return image


# What only the rich picture has. Of every field there is one line at least.
OF_THE_RICH = [
    "tool:comfyui",
    "tool-version:0.3.40",
    "original:png",
    "label:Label=1",
    "label:Label",
    "hash:e5e5e5",
    "金毛 -plain",
    "柔和的光",
    "主角",
    "spring",
    "blue-00",
    "低质量 金",
    "largest 金毛",
    "by:me",
    "by:uma",
    "by:uma@example.com,nobody",
    "status:approved",
    "model:z-image-turbo",
    'tag:"主角 hero"',
    "collection:spring",
    "rating:4",
    "rating:>=4",
    "rating:1..5",
    "date:2025-01-05",
    "date:2025",
    "date:>2024-12",
    "added:2025-01-06",
    "added:2024-12..2025-01",
    "is:mine",
    "is:approved",
    "is:starred",
    "is:reused",
    "is:imported",
    "is:resized",
    "-is:unused",
    "-is:preview",
    "has:comments",
    "has:tags",
    "has:collection",
    "has:template",
    "has:lora",
    "has:input",
    "has:parent",
    "has:name",
    "has:rating",
    'prompt:"草地上"',
    'final:"soft light"',
    "final:草地上",
    "template:宠物主题",
    "version:3",
    "var:主体=金毛犬",
    "var:主体",
    "size:1024x1024",
    "width:1024",
    "width:>512",
    "height:769..1100",
    "asked:1030x1024",
    "seed:123456",
    "seed:100000..200000",
    "steps:8",
    "steps:<20",
    "cfg:1.25",
    "cfg:1..2",
    "cfg:<1.3",
    "cfg:>1.2 cfg:<3.5",
    "shift:3",
    "shift:2.5..3.5",
    "sampler:euler",
    "schedule:simple",
    "input:0190a6c2-5b7e-7c3a-9d51-3f2b8a61e0c6",
    "strength:0.55..0.65",
    "revision:2025-11",
    "lora:watercolour",
    "weight:0.79..0.81",
    "hash:a1a1a1a1",
    "hash:a1a1",
    "hash:" + "c3" * 32,
    "hash:d4d4d4d4d4d4d4d4d4",
    "engine:diffsynth",
    "engine-version:2.1.12",
    "diffsynth:2.1.12",
    "torch:2.13.0",
    "library:torch=2.13.0",
    "library:torch",
    "cuda:12.8",
    "driver:570.86",
    'device:"nvidia l4"',
    "dtype:bfloat16",
    "load-mode:resident",
    "vram-tier:24",
    "peak-vram:>18GB",
    "wait:1.5",
    "wait:1.4..1.6",
    "load:0",
    "load:<1",
    "encode:<0.2",
    "denoise:>4.1",
    "decode:0.3",
    "request:0190a6c2-5b7e-7c3a-9d51-3f2b8a61e0c4",
    "job:0190a6c2-5b7e-7c3a-9d51-3f2b8a61e0c5",
    "worker:gpu-1",
    "name:BLUE-0042",
    "name:blue",
    "bytes:3MB",
    "bytes:>2MB",
    "moderation:allowed",
    "policy:reduced",
    "reason:largest",
    "rules:words-4",
]

OF_BOTH = [
    "",
    "organization:paws",
    "project:宠物主题",
    "format:png",
    "is:duplicate",
    "negative:低质",
    "last:2",
    "save:>=0",
]
OF_THE_PLAIN = [
    "plain",
    "-金毛犬",
    "-is:mine",
    "by:paul",
    "is:preview",
    "is:unused",
    "has:children",
    "rating:0",
    "steps:>=9",
    "-cfg:<3",
    "date:2024-07-01",  # by the organization's clock
    "-has:template",
    "-date:2025",
    '-"草地上"',
    '-final:"soft light"',
    "-seed:100000..200000",
    "status:draft,pending",
]
OF_NONE = [
    "金毛 plain",
    "金犬",
    "草地 -草",
    '"毛金"',
    "prompt:soft",
    "negative:金毛",
    "by:nobody",
    "cfg:>1.25 cfg:<3.5",
    "cfg:<1.25",
    "rating:5",
    "rating:<4",
    "hash:a1a1b",
    "is:trashed",
    "strength:0.61..0.65",
    "denoise:>4.2",
    "weight:0.81..0.9",
    "template:nothing",
]


def test_every_field_is_tried():
    fields = {field for query in [*OF_THE_RICH, *OF_BOTH] for field in _fields(query)}
    told = {name for name, each in FIELDS.items() if each.kind is not Kind.ORDER}

    assert told - {"id", "parent", "sha256"} <= fields | {"last"}


def _fields(query):
    asked = parse(query).query
    return {each.field for each in asked.conditions} | ({"last"} if asked.last else set())


def test_what_the_fields_find(world, plain, rich):
    prompts = {"rich": rich.prompt, "plain": plain.prompt}
    wrong = {
        query: got
        for queries, names in (
            (OF_THE_RICH, ["rich"]),
            (OF_BOTH, ["rich", "plain"]),
            (OF_THE_PLAIN, ["plain"]),
            (OF_NONE, []),
        )
        for query in queries
        if (got := found(world, query)) != [prompts[name] for name in names]
    }

    assert wrong == {}


def test_ids_and_hashes_of_this_very_picture(world, plain, rich):
    for query in (
        f"id:{rich.uid}",
        f"parent:{plain.uid}",
        f"sha256:{rich.sha256}",
        f"sha256:{rich.sha256[:9]}",
        f"hash:{rich.sha256[:17]}",
    ):
        assert found(world, query) == [rich.prompt], query


ORDERS = ("sort:oldest", "sort:rating", "sort:reused", "sort:downloads", "")


@pytest.fixture
def ordered(world):
    """Twelve pictures, some of them rated, reused and downloaded, with equal numbers among them."""
    ratings = [None, 3.5, 5, None, 3.5, 1, None, 5, None, None, 2.25, 3.5]
    images = make_rows(world.pets, world.uma, [f"picture {number}" for number in range(12)])
    for number, image in enumerate(images):
        image.rating, image.reuse_count = ratings[number], number % 3
        image.download_count = number % 4
    Image.objects.bulk_update(images, ["rating", "reuse_count", "download_count"])
    index_images(image_ids=[image.pk for image in images])
    return images


def by_hand(images, order):
    column = {"sort:rating": "rating", "sort:reused": "reuse_count"}.get(order, "download_count")
    if order == "sort:oldest":
        return sorted(image.pk for image in images)
    if not order:
        return sorted((image.pk for image in images), reverse=True)
    return [
        image.pk
        for image in sorted(
            images, key=lambda image: (getattr(image, column) or 0, image.pk), reverse=True
        )
    ]


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("words", ["", "picture", "picture -is:trashed"])
def test_pages_go_through_an_order_and_back(world, ordered, order, words):
    whole = by_hand(ordered, order)
    ready = search(world, f"{words} {order}")
    seen, after = [], None
    while page := page_of(ready, size=5, after=after):
        seen += [place.id for place in page]
        after = page[-1]

    assert seen == whole
    last = ready.place_of(next(image for image in ordered if image.pk == whole[-1]))
    back = page_of(ready, size=20, after=last, backwards=True)
    assert [place.id for place in back] == whole[:-1][::-1]


def test_an_order_is_right_when_more_is_found_than_is_sorted_at_once(world, ordered, monkeypatch):
    monkeypatch.setattr(searching, "SMALL", 2)

    for order in ORDERS:
        found_ids = [place.id for place in page_of(search(world, f"picture {order}"), size=20)]
        assert found_ids == by_hand(ordered, order)


def test_places_are_read_back_as_they_are_written():
    for place in (Place(7), Place(7, 4.5), Place(2**63 - 1, 3.0)):
        assert Place.read(str(place)) == place
    for nonsense in ("", "x", "7~", "~7", "1e5~3", "-1", str(2**63), "٣", "4.5~x"):
        assert Place.read(nonsense) is None


def test_the_newest_of_what_is_found_are_cut_off(world, ordered):
    newest = by_hand(ordered, "")

    assert [place.id for place in page_of(search(world, "last:3"), size=9)] == newest[:3]
    some = page_of(search(world, "picture is:reused last:3"), size=9)
    assert [place.id for place in some] == [
        image.pk for image in reversed(ordered) if image.reuse_count
    ][:3]
    assert count_of(search(world, "last:3")) == 3
    assert count_of(search(world, "last:99")) == 12


def test_counts_stop_at_their_limit(world, ordered):
    assert count_of(search(world, "picture"), limit=5) == 6
    assert count_of(search(world, "picture"), limit=12) == 12
    assert count_of(search(world, "nothing")) == 0


def test_all_ids_are_streamed_without_what_came_later(world, ordered, monkeypatch):
    monkeypatch.setattr(searching, "CHUNK", 5)
    newest = by_hand(ordered, "")

    assert list(ids_of(search(world, "picture"))) == newest
    assert list(ids_of(search(world, "picture"), up_to=newest[4])) == newest[4:]


def test_strangers_and_other_projects_find_nothing(world, ordered):
    assert found(world, "picture", world.mallory) == []
    assert found(world, "", world.mallory) == []
    assert found(world, "picture", project=world.products) == []
    assert count_of(search(world, "", world.mallory)) == 0
    assert list(as_queryset(search(world, "", world.mallory), access_of(world.mallory))) == []


def test_the_trash_is_found_only_when_it_is_asked_for(world, ordered):
    thrown = ordered[3]
    Image.objects.filter(pk=thrown.pk).update(trashed_at=thrown.created_at)
    index_images(image_ids=[thrown.pk])

    assert thrown.prompt not in found(world, "picture")
    assert thrown.prompt not in found(world, "")
    assert found(world, "is:trashed") == [thrown.prompt]
    assert found(world, "picture is:trashed sort:rating") == [thrown.prompt]
    assert len(found(world, "is:trashed,unused")) > 1


def test_a_queryset_of_what_is_found_can_be_narrowed(world, ordered):
    access = access_of(world.uma)

    images = as_queryset(search(world, "picture is:reused"), access)

    assert images.filter(rating=5).count() == 2
    assert finds(search(world, "picture"), ordered[0].pk)
    assert not finds(search(world, "is:reused"), ordered[0].pk)


def test_pages_reach_across_blocks_of_ids(world):
    ids = [3, 4095, 4096, 9000, 40_000, 270_000, 300_000, 2_200_000, 9_000_000, 70_000_000]
    make_rows(world.pets, world.uma, [f"picture {each}" for each in ids], ids=ids)
    ready, newest = search(world, "picture"), sorted(ids, reverse=True)

    for size in (1, 2, 3, 20):
        assert [place.id for place in page_of(ready, size=size)] == newest[:size]
        oldest = page_of(search(world, "picture sort:oldest"), size=size)
        assert [place.id for place in oldest] == ids[:size]
        for key in ids:
            after = page_of(ready, size=size, after=Place(key))
            assert [place.id for place in after] == [each for each in newest if each < key][:size]
            before = page_of(ready, size=size, after=Place(key), backwards=True)
            assert [place.id for place in before] == [each for each in ids if each > key][:size]
    assert count_of(ready) == len(ids)
    assert list(ids_of(ready, up_to=9000)) == [9000, 4096, 4095, 3]
    assert [place.id for place in page_of(search(world, "picture last:3"), size=9)] == newest[:3]
