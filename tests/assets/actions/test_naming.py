import threading
from datetime import UTC, datetime

import pytest
from django.db import close_old_connections, connection, transaction

from accounts.models import Project
from assets.actions.naming import LONGEST_PREFIX_BYTES, file_system_name, next_archive_name
from assets.models import Image
from tests.assets.builders import decide, make_image, make_pending
from tests.builders import make_world


def test_the_first_picture_of_a_day_is_number_one(world):
    image = make_image(world.pets, world.uma, created_at=datetime(2025, 1, 5, 9, tzinfo=UTC))

    assert next_archive_name(image) == "宠物主题_20250105_0001.png"
    assert next_archive_name(image) == "宠物主题_20250105_0002.png"


def test_every_day_and_every_project_counts_for_itself(world):
    monday = make_image(world.pets, world.uma, created_at=datetime(2025, 1, 6, 1, tzinfo=UTC))
    sunday = make_image(world.pets, world.uma, created_at=datetime(2025, 1, 5, 1, tzinfo=UTC))
    product = make_image(world.products, world.uma, created_at=datetime(2025, 1, 5, 1, tzinfo=UTC))

    assert next_archive_name(monday).endswith("20250106_0001.png")
    assert next_archive_name(sunday).endswith("20250105_0001.png")
    assert next_archive_name(product) == "Product-backgrounds_20250105_0001.png"


@pytest.mark.parametrize(
    ("zone", "day"),
    [("Asia/Shanghai", "20250106"), ("Europe/Berlin", "20250105"), ("Not/AZone", "20250106")],
)
def test_the_day_is_the_organizations_own(world, zone, day):
    world.lantern.time_zone = zone
    world.lantern.save(update_fields=["time_zone"])
    image = make_image(world.pets, world.uma, created_at=datetime(2025, 1, 5, 18, tzinfo=UTC))
    image = Image.objects.get(pk=image.pk)

    assert f"_{day}_" in next_archive_name(image)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("宠物主题", "宠物主题"),
        ("Product backgrounds", "Product-backgrounds"),
        ("../../etc/passwd", "etc-passwd"),
        ('a<b>c:d"e/f\\g|h?i*j', "a-b-c-d-e-f-g-h-i-j"),
        ("v1.2", "v1-2"),
        ("秋季\u3000\u200b活动\u202e", "秋季-活动"),
        ("e\u0301te\u0301", "été"),
        ("  ---  ", "project-7"),
        ("???", "project-7"),
    ],
)
def test_a_project_name_becomes_what_every_file_system_takes(name, expected):
    assert file_system_name(Project(pk=7, name=name)) == expected


@pytest.mark.parametrize("letter", ["x", "宠", "𠮷"])
def test_a_long_project_name_leaves_room_for_day_and_number(letter):
    name = file_system_name(Project(pk=7, name=letter * 80))

    assert len(name.encode()) <= LONGEST_PREFIX_BYTES
    assert set(name) == {letter}


def test_a_number_that_was_not_used_goes_back(world):
    image = make_image(world.pets, world.uma)

    with transaction.atomic():
        next_archive_name(image)
        transaction.set_rollback(True)

    assert next_archive_name(image).endswith("_0001.png")


def test_names_are_unique_when_many_are_approved_at_once(transactional_db):
    world = make_world()
    images = [make_pending(world.pets, world.uma) for _ in range(8)]
    failures: list[Exception] = []

    def approve(image: Image) -> None:
        try:
            decide(image, world.rita)
        except Exception as error:  # noqa: BLE001  # reported below
            failures.append(error)
        finally:
            close_old_connections()
            connection.close()

    threads = [threading.Thread(target=approve, args=(image,)) for image in images]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    names = sorted(Image.objects.values_list("archive_name", flat=True))
    assert failures == []
    assert names == [f"宠物主题_20250105_{number:04d}.png" for number in range(1, 9)]
