"""Weight files below the directories of an operator."""

import hashlib
import os

import pytest

from generation.engines.weight_files import (
    below,
    is_inside,
    list_loras,
    notes_in,
    roots_of,
    sha256_of,
)
from tests.engines.layouts import write_safetensors


def test_a_setting_names_one_directory_or_several(tmp_path):
    one, two = tmp_path / "one", tmp_path / "two"
    assert roots_of(str(one)) == roots_of(one) == (one,)
    assert roots_of(f"{one}{os.pathsep}{two}{os.pathsep}") == (one, two)
    assert roots_of("") == ()


@pytest.mark.parametrize("name", ["", ".", "..", "../x", "a/../../x", "/etc/passwd"])
def test_a_name_cannot_lead_above_its_root(tmp_path, name):
    assert below(tmp_path, name) is None
    assert below(tmp_path, "team/model") == tmp_path / "team/model"


def test_links_are_followed_before_it_is_said_where_a_file_lies(tmp_path):
    root, elsewhere = tmp_path / "root", tmp_path / "elsewhere"
    root.mkdir()
    elsewhere.mkdir()
    (elsewhere / "file").touch()
    (root / "link").symlink_to(elsewhere / "file")
    assert not is_inside(root / "link", [root])
    assert is_inside(root / "link", [root, elsewhere])
    (tmp_path / "name-of-root").symlink_to(root)
    assert is_inside(root / "anything", [tmp_path / "name-of-root"])
    assert not is_inside(tmp_path / "root-2", [root])


def test_a_file_is_hashed_again_only_when_it_changed(tmp_path):
    file, link = tmp_path / "weights.safetensors", tmp_path / "other.safetensors"
    file.write_bytes(b"one")
    link.symlink_to(file)
    first = sha256_of(file)
    assert first == hashlib.sha256(b"one").hexdigest()
    state = file.stat()
    file.write_bytes(b"two")
    os.utime(file, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert sha256_of(file) == sha256_of(link) == first, "neither is read a second time"
    os.utime(file, ns=(state.st_atime_ns, state.st_mtime_ns + 1))
    assert sha256_of(file) == sha256_of(link) == hashlib.sha256(b"two").hexdigest()
    file.write_bytes(b"three")
    assert sha256_of(file) == hashlib.sha256(b"three").hexdigest()


def test_loras_are_listed_for_registration(tmp_path):
    root = tmp_path / "loras"
    (root / "墨水").mkdir(parents=True)
    (root / ".trash").mkdir()
    outside = tmp_path / "outside.safetensors"
    for file in (
        root / "b.safetensors",
        root / "墨水/a.safetensors",
        root / ".trash/old.safetensors",
        root / "notes.txt",
        root / "pickle.bin",
        outside,
    ):
        file.write_bytes(file.name.encode())
    (root / "link.safetensors").symlink_to(outside)
    (root / "gone.safetensors").symlink_to(root / "nowhere.safetensors")
    (root / "same.safetensors").symlink_to(root / "b.safetensors")
    (root / "folder.safetensors").mkdir()

    found = {lora.path: lora for lora in list_loras(root)}

    assert list(found) == ["b.safetensors", "same.safetensors", "墨水/a.safetensors"]
    assert found["墨水/a.safetensors"].sha256 == hashlib.sha256(b"a.safetensors").hexdigest()
    assert found["same.safetensors"].bytes == len("b.safetensors")


def test_without_a_directory_there_are_no_loras(tmp_path):
    assert list(list_loras(tmp_path / "nowhere")) == []


def test_the_notes_of_a_maker_are_read_and_nothing_else_is_taken_for_them(tmp_path):
    file = tmp_path / "style.safetensors"
    assert notes_in(write_safetensors(file, modelspec__title="Ink", ss_steps="8")) == {
        "modelspec.title": "Ink",
        "ss_steps": "8",
    }
    assert notes_in(write_safetensors(file)) == {}
    for damaged in (
        b"",
        b"\xff" * 8,
        b"\xff" * 64,
        (9).to_bytes(8, "little") + b"not JSON!",
        (2).to_bytes(8, "little") + b"[]",
        (16).to_bytes(8, "little") + b'{"__metadata__":1}'[:16],
        (100_000).to_bytes(8, "little") + b"[" * 100_000,
        (33).to_bytes(8, "little") + b'{"__metadata__": {"a": 1, "b": 2}}'[:33],
    ):
        file.write_bytes(damaged)
        assert notes_in(file) == {}
    assert notes_in(tmp_path / "missing.safetensors") == {}
