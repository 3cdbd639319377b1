import errno
import os
from pathlib import Path
from uuid import UUID

import pytest
from django.core.files.storage import InMemoryStorage, storages
from hypothesis import given
from hypothesis import strategies as st

from assets import storage
from assets.storage import (
    PART_SUFFIX,
    FileMissing,
    PathRefused,
    StorageError,
    StorageFull,
    original_path,
    rendition_path,
    sha256_of,
    write_once,
)

DOG = b"the bytes of a dog"
CAT = b"the bytes of a cat"


def path_of(data: bytes) -> str:
    return original_path(organization_id=1, project_id=2, sha256=sha256_of(data), extension="png")


FOLDER, _, NAME = path_of(DOG).rpartition("/")


@pytest.fixture(params=["files", "memory"])
def place(request, tmp_path, settings):
    """The archive, once on local files and once on a storage without paths (as S3 is)."""
    backend = {
        "files": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path)},
        },
        "memory": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    }[request.param]
    settings.STORAGES = {**settings.STORAGES, "archive": backend}
    return storages["archive"]


@pytest.fixture
def on_disk(tmp_path, settings):
    settings.STORAGES = {
        **settings.STORAGES,
        "archive": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path)},
        },
    }
    return tmp_path


def files_in(directory: Path) -> list[str]:
    return sorted(
        str(each.relative_to(directory)) for each in directory.rglob("*") if each.is_file()
    )


def test_the_path_is_organization_project_and_hash():
    sha256 = "ab" + "0" * 62

    path = original_path(
        organization_id=UUID(int=7), project_id="2", sha256=sha256, extension="png"
    )

    assert path == f"00000000-0000-0000-0000-000000000007/2/ab/{sha256}.png"
    assert rendition_path(path, "thumb").endswith(f"/2/ab/{sha256}-thumb.webp")


@given(organization=st.text(), project=st.text(), sha256=st.text(), extension=st.text())
def test_no_text_from_outside_makes_a_path(organization, project, sha256, extension):
    with pytest.raises(PathRefused):
        original_path(
            organization_id=organization, project_id=project, sha256=sha256, extension=extension
        )


@pytest.mark.parametrize("part", ["..", ".", "", "a/b", "a\\b", "a\0", "1\n", "-1", "é", "x" * 65])
def test_a_key_that_is_not_one_makes_no_path(part):
    with pytest.raises(PathRefused):
        original_path(organization_id=part, project_id=1, sha256="a" * 64, extension="png")
    with pytest.raises(PathRefused):
        rendition_path(path_of(DOG), part)


@pytest.mark.parametrize(
    "path",
    ["/etc/passwd", "../x", "1/2/../../x.png", "", f"1/2/bb/{'a' * 64}.png", path_of(DOG) + "\n"],
)
@pytest.mark.parametrize(
    "use",
    [
        storage.read,
        storage.open_file,
        storage.delete_quietly,
        lambda path: write_once(path, DOG),
        lambda path: rendition_path(path, "thumb"),
    ],
)
def test_only_paths_of_the_archive_are_touched(path, use):
    with pytest.raises(PathRefused):
        use(path)


def test_a_rendition_has_no_renditions():
    with pytest.raises(PathRefused):
        rendition_path(rendition_path(path_of(DOG), "thumb"), "thumb")


def test_what_was_written_is_read_back(place):
    write_once(path_of(DOG), DOG)
    write_once(rendition_path(path_of(DOG), "thumb"), b"small dog")

    assert storage.read(path_of(DOG)) == DOG
    assert storage.read(rendition_path(path_of(DOG), "thumb")) == b"small dog"


def test_writing_the_same_again_changes_nothing(place):
    write_once(path_of(DOG), DOG)
    first = place.get_modified_time(path_of(DOG))

    write_once(path_of(DOG), DOG)

    assert place.get_modified_time(path_of(DOG)) == first
    assert place.listdir(FOLDER)[1] == [NAME]


def test_a_damaged_file_is_healed_by_writing_it_again(place):
    write_once(path_of(DOG), DOG)
    with place.open(path_of(DOG), "wb") as file:
        file.write(b"the bytes of a cat")

    write_once(path_of(DOG), DOG)

    assert storage.read(path_of(DOG)) == DOG
    assert place.listdir(FOLDER)[1] == [NAME]


def test_an_original_must_be_what_its_name_says(place):
    with pytest.raises(PathRefused, match="not the hash"):
        write_once(path_of(DOG), b"a cat")

    with pytest.raises(FileMissing):
        storage.read(path_of(DOG))


def test_a_deleted_file_is_missing_and_deleting_twice_is_quiet(place):
    write_once(path_of(DOG), DOG)

    storage.delete_quietly(path_of(DOG))
    storage.delete_quietly(path_of(DOG))

    with pytest.raises(FileMissing):
        storage.read(path_of(DOG))


def test_a_failure_to_delete_is_logged_and_not_raised(place, monkeypatch, caplog):
    def refuse(name):
        raise ConnectionError("no route")

    monkeypatch.setattr(storages["archive"], "delete", refuse)

    storage.delete_quietly(path_of(DOG))

    assert "Could not delete" in caplog.text


def test_a_full_disk_is_said_clearly_and_leaves_nothing_behind(on_disk, monkeypatch):
    def full(handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    (on_disk / FOLDER).mkdir(parents=True)

    with pytest.raises(StorageFull, match="no room for 18 more bytes"):
        write_once(path_of(DOG), DOG)

    assert files_in(on_disk) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs Linux")
def test_a_device_that_is_really_full_is_said_clearly(on_disk, monkeypatch):
    real_fdopen = os.fdopen

    def on_full_device(handle, mode):
        os.dup2(os.open("/dev/full", os.O_WRONLY), handle)
        return real_fdopen(handle, mode)

    monkeypatch.setattr(os, "fdopen", on_full_device)

    with pytest.raises(StorageFull):
        write_once(path_of(DOG), DOG)

    assert files_in(on_disk) == []


def test_a_file_in_the_way_of_a_folder_is_a_storage_error(on_disk):
    (on_disk / "1").write_text("in the way")

    with pytest.raises(StorageError):
        write_once(path_of(DOG), DOG)


def test_any_other_failure_of_the_storage_is_a_storage_error(place, monkeypatch):
    class NoRouteError(Exception):
        """As a client library of a remote storage raises."""

    def fail(name):
        raise NoRouteError

    monkeypatch.setattr(storages["archive"], "exists", fail)

    with pytest.raises(StorageError, match="could not be written"):
        write_once(path_of(DOG), DOG)


def test_a_write_cut_off_in_the_middle_leaves_no_file(on_disk, monkeypatch):
    def power_cut(self, target):
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", power_cut)

    with pytest.raises(KeyboardInterrupt):
        write_once(path_of(DOG), DOG)

    assert files_in(on_disk) == []


def test_what_a_killed_writer_left_is_deleted_with_the_file_that_it_wrote(on_disk, monkeypatch):
    with monkeypatch.context() as killed:
        killed.setattr(Path, "replace", lambda *_: None)  # it died just before
        write_once(path_of(DOG), DOG)
    write_once(path_of(CAT), CAT)
    assert [Path(name).suffix for name in files_in(on_disk)].count(PART_SUFFIX) == 1

    storage.delete_quietly(path_of(DOG))

    assert files_in(on_disk) == [path_of(CAT)]


def test_files_and_folders_get_the_modes_of_the_storage(tmp_path, settings):
    settings.STORAGES = {
        **settings.STORAGES,
        "archive": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {
                "location": str(tmp_path),
                "file_permissions_mode": 0o640,
                "directory_permissions_mode": 0o750,
            },
        },
    }

    write_once(path_of(DOG), DOG)

    file = tmp_path / path_of(DOG)
    assert file.stat().st_mode & 0o777 == 0o640
    assert file.parent.stat().st_mode & 0o777 == 0o750


def test_a_name_taken_meanwhile_on_a_remote_storage_is_not_kept_twice(monkeypatch, settings):
    settings.STORAGES = {
        **settings.STORAGES,
        "archive": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    }
    place = storages["archive"]
    assert isinstance(place, InMemoryStorage)
    write_once(path_of(DOG), DOG)
    monkeypatch.setattr(place, "exists", lambda name: False)
    monkeypatch.setattr(place, "get_available_name", lambda name, **_: name.replace(".", "_x."))

    write_once(path_of(DOG), DOG)

    assert place.listdir(FOLDER)[1] == [NAME]
