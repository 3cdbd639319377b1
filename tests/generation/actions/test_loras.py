"""Which LoRAs people can choose."""

from __future__ import annotations

from pathlib import Path

import pytest

from accounts.errors import InvalidInput, InvalidTransition, NotPermitted
from accounts.models import AuditEvent
from generation.actions.loras import NewLora, disable_lora, enable_lora, register_lora
from generation.lora_choices import loras_of
from generation.models import Lora
from generation.types import LoraChoice
from tests.builders import World, access_of, make_operator
from tests.generation.test_lora_files import safetensors

pytestmark = pytest.mark.django_db

INK = NewLora(name="Ink wash 水墨", path="ink.safetensors", default_weight=0.8)


@pytest.fixture
def olga(db: None):
    return access_of(make_operator())


@pytest.fixture(autouse=True)
def _directory(tmp_path: Path, settings) -> None:
    (tmp_path / "ink.safetensors").write_bytes(safetensors())
    (tmp_path / "pickle.safetensors").write_bytes(b"\x80\x04 not that")
    settings.LORA_DIR = str(tmp_path)


def test_registered_file_can_be_chosen_and_is_known_by_its_hash(olga) -> None:
    lora = register_lora(access=olga, new=INK)

    assert loras_of([LoraChoice(lora.pk)], engine="diffsynth")[0]["sha256"] == lora.sha256
    assert lora.bytes > 0
    event = AuditEvent.objects.get(action="generation.lora.registered")
    assert (event.organization, event.data["sha256"]) == (None, lora.sha256)


def test_disabled_lora_cannot_be_chosen_until_it_is_enabled(olga) -> None:
    lora = register_lora(access=olga, new=INK)

    disable_lora(access=olga, lora=lora)
    with pytest.raises(InvalidInput):
        loras_of([LoraChoice(lora.pk)], engine="diffsynth")
    with pytest.raises(InvalidTransition):
        disable_lora(access=olga, lora=lora)

    enable_lora(access=olga, lora=lora)
    assert loras_of([LoraChoice(lora.pk)], engine="diffsynth")
    with pytest.raises(InvalidTransition):
        enable_lora(access=olga, lora=lora)


@pytest.mark.parametrize(
    ("new", "field"),
    [
        (NewLora(name=" ", path="ink.safetensors"), "name"),
        (NewLora(name="x", path="ink.safetensors", default_weight=9), "default_weight"),
        (NewLora(name="x", path="ink.safetensors", default_weight=float("nan")), "default_weight"),
        (NewLora(name="x", path="ink.safetensors", trigger_words="w" * 201), "trigger_words"),
        (NewLora(name="x", path="pickle.safetensors"), "path"),
        (NewLora(name="x", path="../ink.safetensors"), "path"),
        (NewLora(name="x", path="nothing.safetensors"), "path"),
    ],
)
def test_what_cannot_be_registered_is_refused_with_its_field(olga, new, field: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        register_lora(access=olga, new=new)

    assert refusal.value.field == field
    assert not Lora.objects.exists()


def test_file_and_name_are_registered_once(olga, tmp_path: Path) -> None:
    register_lora(access=olga, new=INK)
    (tmp_path / "other.safetensors").write_bytes(safetensors(a={}))

    for new, field in (
        (NewLora(name="Again", path="ink.safetensors"), "path"),
        (NewLora(name=INK.name, path="other.safetensors"), "name"),
    ):
        with pytest.raises(InvalidInput) as refusal:
            register_lora(access=olga, new=new)
        assert refusal.value.field == field
    assert Lora.objects.count() == 1


def test_machine_without_a_directory_says_so(olga, settings) -> None:
    settings.LORA_DIR = ""

    with pytest.raises(InvalidInput, match="ATELIER_LORA_DIR"):
        register_lora(access=olga, new=INK)


def test_loras_are_for_operators_only(world: World, olga) -> None:
    lora = register_lora(access=olga, new=INK)
    ada = access_of(world.ada)

    with pytest.raises(NotPermitted):
        register_lora(access=ada, new=INK)
    with pytest.raises(NotPermitted):
        disable_lora(access=ada, lora=lora)
    with pytest.raises(NotPermitted):
        enable_lora(access=ada, lora=lora)
