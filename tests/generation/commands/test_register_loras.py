"""Registering LoRA files: new ones are offered; what is gone or changed is not, and says so."""

from __future__ import annotations

import os
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.models import AuditEvent
from generation.actions import lora_files
from generation.models import Lora
from tests.engines.layouts import write_safetensors

pytestmark = pytest.mark.django_db


@pytest.fixture
def loras(tmp_path: Path, settings) -> Path:
    """The directory of LoRAs, with one in it that knows its words."""
    settings.LORA_DIR = str(tmp_path / "loras")
    write_safetensors(
        tmp_path / "loras/watercolour.safetensors",
        modelspec__trigger_phrase="watercolour  style",
    )
    return tmp_path / "loras"


def register(*arguments: str) -> str:
    out = StringIO()
    call_command("register_loras", *arguments, stdout=out)
    return out.getvalue()


def test_files_become_loras_that_can_be_chosen(loras) -> None:
    write_safetensors(loras / "水墨/ink.safetensors")
    (loras / "notes.txt").write_text("no LoRA")

    said = register()

    assert said.splitlines() == [
        "watercolour: registered (watercolour.safetensors).",
        "ink: registered (水墨/ink.safetensors).",
    ]
    lora = Lora.objects.get(name="watercolour")
    assert (lora.is_enabled, lora.trigger_words, lora.default_weight) == (
        True,
        "watercolour style",
        1.0,
    )
    assert len(lora.sha256) == 64
    assert AuditEvent.objects.filter(action="generation.lora.registered").count() == 2


def test_running_it_again_says_and_reads_nothing(loras, monkeypatch) -> None:
    register()

    def refuse(*file: object) -> str:
        raise AssertionError(f"{file} was read again")

    monkeypatch.setattr(lora_files, "sha256_of", refuse)
    monkeypatch.setattr(lora_files, "measure", refuse)

    assert register() == ""


def test_a_file_that_was_only_touched_is_still_the_same(loras) -> None:
    register()
    os.utime(loras / "watercolour.safetensors", ns=(1, 1))

    assert register() == ""
    assert Lora.objects.get().is_enabled


def test_a_file_that_has_changed_disables_its_lora_until_it_is_accepted(loras) -> None:
    register()
    before = Lora.objects.get().sha256
    write_safetensors(loras / "watercolour.safetensors", body=b"another")

    said = register()

    assert "watercolour: disabled, its file watercolour.safetensors has changed." in said
    lora = Lora.objects.get()
    assert (lora.is_enabled, lora.sha256) == (False, before)
    assert register() == "", "it is said once"

    assert "enabled with the file as it is" in register("--accept", "watercolour")
    lora.refresh_from_db()
    assert lora.is_enabled
    assert lora.sha256 != before
    assert register() == ""


def test_a_file_that_is_gone_disables_its_lora_and_does_not_bring_it_back(loras) -> None:
    register()
    file = loras / "watercolour.safetensors"
    kept = file.read_bytes()
    file.unlink()

    assert "watercolour: disabled, its file watercolour.safetensors is gone." in register()
    file.write_bytes(kept)
    register()
    assert not Lora.objects.get().is_enabled

    register("--accept", "watercolour")
    assert Lora.objects.get().is_enabled


def test_what_an_operator_disabled_stays_disabled(loras) -> None:
    register()
    Lora.objects.update(is_enabled=False)

    register()

    assert not Lora.objects.get().is_enabled


def test_files_of_one_name_in_several_folders_have_several_names(loras) -> None:
    write_safetensors(loras / "old/watercolour.safetensors")
    write_safetensors(loras / "older/watercolour.safetensors")

    register()

    assert dict(Lora.objects.values_list("path", "name")) == {
        "old/watercolour.safetensors": "watercolour",
        "older/watercolour.safetensors": "older/watercolour",
        "watercolour.safetensors": "watercolour 2",
    }


def test_words_and_weight_can_be_set(loras) -> None:
    register()

    said = register("--describe", "watercolour", "--words", " 水彩 ", "--weight", "0.7")

    assert "“水彩”, 0.7" in said
    lora = Lora.objects.get()
    assert (lora.trigger_words, lora.default_weight) == ("水彩", 0.7)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--accept", "nothing"], "no LoRA 'nothing'"),
        (["--describe", "watercolour", "--weight", "9"], "between -4 and 4"),
        (["--describe", "watercolour", "--weight", "nan"], "between -4 and 4"),
        (["--describe", "watercolour", "--words", "x" * 201], "at most 200"),
    ],
)
def test_what_cannot_be_gets_a_sentence(loras, arguments, sentence) -> None:
    with pytest.raises(CommandError, match=sentence):
        register(*arguments)


def test_a_file_that_is_no_lora_is_said_and_not_registered(loras) -> None:
    (loras / "torn.safetensors").write_bytes(b"not that")

    assert "torn.safetensors: cannot be read, not registered." in register()
    assert not Lora.objects.filter(path="torn.safetensors").exists()


def test_a_file_that_is_not_there_cannot_be_accepted(loras) -> None:
    register()
    (loras / "watercolour.safetensors").unlink()

    with pytest.raises(CommandError, match="no such file"):
        register("--accept", "watercolour")


def test_without_a_directory_there_is_a_sentence(settings, tmp_path) -> None:
    settings.LORA_DIR = ""
    with pytest.raises(CommandError, match="ATELIER_LORA_DIR"):
        register()
    settings.LORA_DIR = str(tmp_path / "missing")
    with pytest.raises(CommandError, match="is no directory"):
        register()
