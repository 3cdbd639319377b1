"""Files that may be registered as LoRAs."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from generation.lora_files import LoraFileRefused, list_files, measure


def safetensors(**tensors: object) -> bytes:
    """The smallest file that begins as safetensors do."""
    header = json.dumps({"__metadata__": {}, **tensors}).encode()
    return len(header).to_bytes(8, "little") + header + b"weights"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A directory with a LoRA in a folder, and another beside the directory."""
    (tmp_path / "loras" / "styles").mkdir(parents=True)
    (tmp_path / "loras" / "styles" / "ink.safetensors").write_bytes(safetensors())
    (tmp_path / "outside.safetensors").write_bytes(safetensors())
    return tmp_path / "loras"


def reason(root: Path, path: str) -> str:
    with pytest.raises(LoraFileRefused) as refusal:
        measure(root, path)
    return refusal.value.reason


def test_file_is_known_by_its_hash_and_size(root: Path) -> None:
    content = (root / "styles" / "ink.safetensors").read_bytes()

    file = measure(root, "styles/ink.safetensors")

    assert file.sha256 == hashlib.sha256(content).hexdigest()
    assert (file.path, file.size) == ("styles/ink.safetensors", len(content))


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("../outside.safetensors", "outside"),
        ("styles/../../outside.safetensors", "outside"),
        ("nothing.safetensors", "missing"),
        ("styles/\0.safetensors", "missing"),
        ("styles", "kind"),
        ("/etc/passwd", "kind"),
    ],
)
def test_names_that_lead_elsewhere_are_refused(root: Path, path: str, why: str) -> None:
    assert reason(root, path) == why


def test_absolute_name_of_a_file_outside_is_refused(root: Path) -> None:
    assert reason(root, str(root.parent / "outside.safetensors")) == "outside"


def test_link_that_leads_out_is_neither_listed_nor_measured(root: Path) -> None:
    (root / "link.safetensors").symlink_to(root.parent / "outside.safetensors")

    assert list_files(root) == ["styles/ink.safetensors"]
    assert reason(root, "link.safetensors") == "outside"


def test_folder_with_the_name_of_a_file_is_none(root: Path) -> None:
    (root / "folder.safetensors").mkdir()

    assert list_files(root) == ["styles/ink.safetensors"]
    assert reason(root, "folder.safetensors") == "missing"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"short",
        b"\x80\x04pickle, not safetensors",
        (10**12).to_bytes(8, "little") + b"{}",
        (8).to_bytes(8, "little") + b"not json",
        (4).to_bytes(8, "little") + b"[{}]",
    ],
)
def test_what_is_no_safetensors_file_is_refused(root: Path, content: bytes) -> None:
    (root / "bad.safetensors").write_bytes(content)

    assert reason(root, "bad.safetensors") == "damaged"


def test_directory_that_is_not_there_is_empty(tmp_path: Path) -> None:
    assert list_files(tmp_path / "nowhere") == []
