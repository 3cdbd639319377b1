from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.utils import timezone

from accounts.errors import InvalidInput, InvalidTransition, LimitExceeded, NotPermitted, NotVisible
from accounts.models import AuditEvent
from accounts.roles import Permission, Role
from assets.actions.importing import (
    PIECE_BYTES,
    Announced,
    begin_import,
    compare_files,
    discard_import,
    order_import,
    receive_piece,
    sweep_imports,
)
from assets.models import Intake, IntakeFile, Operation
from assets.staging import open_pieces
from assets.storage import sha256_of
from tests.assets.importing import SYSTEM, imported, painted, send
from tests.builders import access_of, join, make_person

pytestmark = pytest.mark.django_db

PNG = painted(1)


@pytest.fixture
def intake(world):
    return begin_import(access=access_of(world.uma), project=world.pets)


def staged() -> list[Path]:
    root = Path(django_settings.STORAGES["archive"]["OPTIONS"]["location"]) / "incoming"
    return sorted(path for path in root.rglob("*") if path.is_file())


def content(file: IntakeFile) -> bytes:
    with open_pieces(file.uid, file.pieces, file.bytes) as opened:
        return opened.read()


def piece_of(world, intake, data, offset=0, *, name="a.png", size=None, person=None):
    return receive_piece(
        access=access_of(person or world.uma),
        intake=intake,
        announced=Announced(name=name, size=len(PNG) if size is None else size),
        offset=offset,
        data=data,
    )


def test_a_file_arrives_and_is_known_by_its_hash(world, intake):
    assert piece_of(world, intake, PNG) == len(PNG)

    file = IntakeFile.objects.get()
    assert file.is_complete
    assert file.sha256 == sha256_of(PNG)
    assert content(file) == PNG


def test_a_file_in_pieces_is_put_together(world, intake):
    send(intake, world.uma, {"folder/a.png": PNG}, piece=20)

    file = IntakeFile.objects.get()
    assert len(file.pieces) == -(-len(PNG) // 20)
    assert content(file) == PNG
    with open_pieces(file.uid, file.pieces, file.bytes) as opened:
        opened.seek(-15, 2)
        assert opened.read() == PNG[-15:]


def test_a_piece_that_does_not_follow_changes_nothing_and_says_where_to_go_on(world, intake):
    piece_of(world, intake, PNG[:30])

    assert piece_of(world, intake, PNG[50:], 50) == 30
    assert piece_of(world, intake, PNG[:30]) == 30
    assert piece_of(world, intake, PNG[30:], 30) == len(PNG)
    assert content(IntakeFile.objects.get()) == PNG


@pytest.mark.parametrize(
    ("offset", "data", "size"),
    [(-1, b"x", 10), (5, b"x" * 6, 10), (0, b"x" * (PIECE_BYTES + 1), 2 * PIECE_BYTES)],
)
def test_what_cannot_be_a_piece_is_refused(world, intake, offset, data, size):
    with pytest.raises(InvalidInput):
        piece_of(world, intake, data, offset, size=size)

    assert staged() == []


@pytest.mark.parametrize("announced", [{"name": "../..", "size": 1}, {"name": "a", "size": 2**70}])
def test_what_cannot_be_a_file_is_refused(world, intake, announced):
    with pytest.raises(InvalidInput):
        compare_files(access=access_of(world.uma), intake=intake, files=[Announced(**announced)])

    assert not IntakeFile.objects.exists()


def test_an_import_that_broke_off_goes_on_where_it_stopped(world, intake):
    send(intake, world.uma, {"a.png": PNG})
    piece_of(world, intake, PNG[:30], name="b.png")

    missing = compare_files(
        access=access_of(world.uma),
        intake=intake,
        files=[
            Announced(name="a.png", size=len(PNG)),
            Announced(name="b.png", size=len(PNG)),
            Announced(name="c.png", size=5),
            Announced(name="renamed.png", size=len(PNG), sha256=sha256_of(PNG)),
        ],
    )

    assert missing == [len(PNG), 30, 0, len(PNG)]


def test_what_the_project_has_already_needs_no_sending(world, intake):
    imported(world.pets, world.uma, {"a.png": PNG})
    again = Announced(name="a.png", size=len(PNG), sha256=sha256_of(PNG))

    assert compare_files(access=access_of(world.uma), intake=intake, files=[again]) == [len(PNG)]
    assert IntakeFile.objects.get(intake=intake).needs_no_sending


def test_a_picture_that_is_too_large_needs_no_sending_and_a_zip_may_be_larger(
    world, intake, settings
):
    settings.IMPORT_MAX_FILE_MB = 1
    large = 2 * 1024 * 1024
    files = [Announced(name="a.png", size=large), Announced(name="a.ZIP", size=large)]

    assert compare_files(access=access_of(world.uma), intake=intake, files=files) == [large, 0]
    with pytest.raises(LimitExceeded):
        piece_of(world, intake, b"x", name="b.png", size=large)
    assert staged() == []


def test_an_import_has_an_end(world, intake, settings):
    settings.IMPORT_MAX_FILES = 2
    files = [Announced(name=f"{number}.png", size=5) for number in range(3)]

    with pytest.raises(LimitExceeded):
        compare_files(access=access_of(world.uma), intake=intake, files=files)

    assert not IntakeFile.objects.exists()
    settings.IMPORT_MAX_TOTAL_GB = 1
    with pytest.raises(LimitExceeded):
        compare_files(
            access=access_of(world.uma),
            intake=intake,
            files=[Announced(name="a.zip", size=600 * 2**20), Announced(name="b.zip", size=2**29)],
        )


def test_an_ordered_import_takes_nothing_more(world, intake):
    send(intake, world.uma, {"a.png": PNG})

    operation = order_import(access=access_of(world.uma), intake=intake)

    assert Intake.objects.get().operation == operation
    assert AuditEvent.objects.get(action="assets.operation.ordered").data == {"kind": "import"}
    with pytest.raises(InvalidTransition):
        piece_of(world, intake, PNG, name="b.png")
    with pytest.raises(InvalidTransition):
        order_import(access=access_of(world.uma), intake=intake)
    with pytest.raises(InvalidTransition):
        discard_import(access=access_of(world.uma), intake=intake)
    assert Operation.objects.count() == 1


def test_an_import_of_nothing_is_refused(world, intake):
    with pytest.raises(InvalidTransition):
        order_import(access=access_of(world.uma), intake=intake)


def test_what_was_sent_can_be_thrown_away(world, intake):
    send(intake, world.uma, {"a.png": PNG, "b.png": painted(2)}, piece=30)
    assert staged()

    discard_import(access=access_of(world.uma), intake=intake)

    assert staged() == []
    assert not Intake.objects.exists()


def test_what_nobody_goes_on_with_is_swept(world, intake):
    send(intake, world.uma, {"a.png": PNG})
    fresh = begin_import(access=access_of(world.uma), project=world.pets)
    send(fresh, world.uma, {"a.png": PNG})
    Intake.objects.filter(pk=intake.pk).update(touched_at=timezone.now() - timedelta(days=8))

    assert sweep_imports(access=SYSTEM, older_than=timedelta(days=7)) == 1

    assert list(Intake.objects.all()) == [fresh]
    assert len(staged()) == 1


def test_what_a_cancelled_import_left_is_swept(world, intake):
    send(intake, world.uma, {"a.png": PNG})
    operation = order_import(access=access_of(world.uma), intake=intake)
    Operation.objects.filter(pk=operation.pk).update(status="cancelled")

    assert sweep_imports(access=SYSTEM, older_than=timedelta(days=7)) == 1
    assert staged() == []
    assert Intake.objects.exists()
    assert sweep_imports(access=SYSTEM, older_than=timedelta(days=7)) == 0


def test_only_who_began_an_import_adds_to_it(world, intake):
    for person in (world.rita, world.ada, world.mallory):
        with pytest.raises(NotVisible):
            piece_of(world, intake, PNG, person=person)
        with pytest.raises(NotVisible):
            order_import(access=access_of(person), intake=intake)
    assert staged() == []


def test_who_may_only_look_begins_no_import(world):
    looks = access_of(world.uma).limited_to(frozenset({Permission.VIEW_GALLERY}))
    with pytest.raises(NotPermitted):
        begin_import(access=looks, project=world.pets)
    with pytest.raises(NotVisible):
        begin_import(access=access_of(world.mallory), project=world.pets)
    with pytest.raises(InvalidTransition):
        begin_import(access=SYSTEM, project=world.pets)
    newcomer = make_person("nora")
    join(newcomer, world.lantern, Role.USER)
    assert begin_import(access=access_of(newcomer), project=world.pets)
