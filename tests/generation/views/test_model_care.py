"""Models and LoRAs on the pages of those who operate the site."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

from generation.actions.workers import register_worker
from generation.models import Lora, ModelVersion
from generation.tiers import DEFAULT_TIERS
from tests.builders import World, make_operator
from tests.generation.builders import SYSTEM, make_preview_model
from tests.generation.test_lora_files import safetensors

pytestmark = pytest.mark.django_db

PAGE = "/site/models/"
LORAS = "/site/loras/"


@pytest.fixture
def olga(client_for, db: None):
    """Olga's browser."""
    return client_for(make_operator())


@pytest.fixture
def model(db: None) -> ModelVersion:
    return make_preview_model()


def settings_of(model: ModelVersion, *tiers: tuple[str, object, object]) -> dict[str, object]:
    """What the form sends."""
    said: dict[str, object] = {"description": "Fast", "default_steps": 6, "default_cfg": "1.5"}
    for number, (name, free, side) in enumerate(tiers):
        said |= {
            f"tier-{number}-name": name,
            f"tier-{number}-min_free_gb": free,
            f"tier-{number}-side": side,
        }
    return said


def test_list_tells_state_and_workers(model, olga) -> None:
    register_worker(access=SYSTEM, slot="a", engines=["preview"])
    register_worker(access=SYSTEM, slot="b", engines=["preview"], model_ids=[model.pk + 1])
    ModelVersion.objects.create(name="Z", engine="diffsynth", is_served=False)
    ModelVersion.objects.create(name="Old", engine="preview", retired_at=timezone.now())

    html = olga.get(PAGE).content.decode()

    names = [row.model.name for row in olga.get(PAGE).context["rows"]]
    assert names == ["Preview", "Z", "Old"]
    for words in ("Can be chosen", "Default", "No machine has it", "Retired for good"):
        assert words in html
    rows = {row.model.name: row for row in olga.get(PAGE).context["rows"]}
    assert rows["Preview"].workers == 1


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_pages_are_drawn_in_both_languages_with_constant_queries(
    model, olga, language: str, django_assert_max_num_queries
) -> None:
    for number in range(9):
        ModelVersion.objects.create(name=f"M{number}", engine="preview")
        Lora.objects.create(name=f"L{number}", path=f"{number}.safetensors", sha256="0" * 64)
    for path in (PAGE, LORAS, f"{PAGE}{model.pk}/"):
        with django_assert_max_num_queries(9):
            html = olga.get(path, headers={"accept-language": language}).content.decode()
        assert ("模型" in html) == (language == "zh-hans")


def test_buttons_disable_enable_choose_and_retire(model, olga) -> None:
    other = ModelVersion.objects.create(name="Other", engine="preview")

    def press(name: str) -> ModelVersion:
        answer = olga.post(reverse(f"generation:model-{name}", args=[other.pk]))
        assert (answer.status_code, answer["Location"]) == (302, PAGE)
        return ModelVersion.objects.get(pk=other.pk)

    assert not press("disable").is_enabled
    assert press("enable").is_enabled
    assert press("default").is_default
    assert press("retire").retired_at is not None
    again = olga.post(reverse("generation:model-enable", args=[other.pk]))
    assert again.status_code == 409


def test_settings_and_tiers_are_saved(model, olga) -> None:
    said = settings_of(model, ("big", 24, 2048), ("", "", ""), ("small", 0, 512))

    assert olga.post(f"{PAGE}{model.pk}/", said).status_code == 302

    model.refresh_from_db()
    assert (model.description, model.default_steps, model.default_cfg) == ("Fast", 6, 1.5)
    assert [(tier.name, tier.side) for tier in model.tiers] == [("big", 2048), ("small", 512)]


def test_usual_tiers_are_not_written_down(model, olga) -> None:
    said = settings_of(model, *((tier.name, tier.min_free_gb, tier.side) for tier in DEFAULT_TIERS))

    olga.post(f"{PAGE}{model.pk}/", said)

    model.refresh_from_db()
    assert model.vram_tiers is None


@pytest.mark.parametrize(
    ("tiers", "words"),
    [
        ([("a", 12, 1024), ("b", 0, "")], "The side is one of"),
        ([("a", "", 1024), ("b", 0, 512)], "Give the memory in GB"),
        ([("a", 12, 1024), ("a", 0, 512)], "the same name"),
        ([("a", 12, 1024), ("b", 1, 512)], "No tier starts at 0 GB"),
        ([("a", 12, 512), ("b", 0, 1024)], "more memory and a larger side"),
        ([], "Give a list of 1 to 12 tiers"),
    ],
)
def test_tiers_that_cannot_be_come_back_with_a_sentence(model, olga, tiers, words) -> None:
    answer = olga.post(f"{PAGE}{model.pk}/", settings_of(model, *tiers))

    assert answer.status_code == 422
    assert words in answer.content.decode()
    model.refresh_from_db()
    assert model.vram_tiers is None


def test_sentence_about_a_tier_stands_in_its_row(model, olga) -> None:
    said = settings_of(model, ("a", 12, 1024), ("", "", ""), ("b", "", 512))

    answer = olga.post(f"{PAGE}{model.pk}/", said)

    assert "min_free_gb" in answer.context["form"].rows[2].errors


def test_lora_is_registered_from_the_files_that_are_there(olga, settings, tmp_path: Path) -> None:
    settings.LORA_DIR = str(tmp_path)
    (tmp_path / "ink.safetensors").write_bytes(safetensors())
    assert "ink.safetensors" in olga.get(LORAS).content.decode()
    said = {"path": "ink.safetensors", "name": "Ink", "default_weight": "0.8", "trigger_words": ""}

    assert olga.post(LORAS, said).status_code == 302

    lora = Lora.objects.get()
    assert (lora.name, lora.default_weight) == ("Ink", 0.8)
    assert "not registered yet" in olga.get(LORAS).content.decode()
    assert olga.post(reverse("generation:lora-disable", args=[lora.pk])).status_code == 302
    assert not Lora.objects.get().is_enabled
    assert olga.post(reverse("generation:lora-enable", args=[lora.pk])).status_code == 302
    assert Lora.objects.get().is_enabled


def test_damaged_or_foreign_file_comes_back_with_a_sentence(olga, settings, tmp_path) -> None:
    settings.LORA_DIR = str(tmp_path)
    (tmp_path / "bad.safetensors").write_bytes(b"not that")
    said = {"path": "bad.safetensors", "name": "Bad", "default_weight": "1"}

    answer = olga.post(LORAS, said)
    assert answer.status_code == 422
    assert "is damaged" in answer.content.decode()
    assert olga.post(LORAS, {**said, "path": "../x.safetensors"}).status_code == 422
    assert not Lora.objects.exists()


def test_machine_without_a_directory_of_loras_says_what_to_do(olga) -> None:
    assert "ATELIER_LORA_DIR" in olga.get(LORAS).content.decode()


def test_model_page_is_not_for_admins(world: World, model, client_for) -> None:
    assert client_for(world.ada).get(f"{PAGE}{model.pk}/").status_code == 403
    assert client_for(world.ada).get(f"{PAGE}{model.pk + 1}/").status_code == 403
