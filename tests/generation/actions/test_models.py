"""What machines know of models, and what operators decide about them."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps
from django.core.management import call_command
from django.utils import timezone

from accounts.errors import InvalidInput, InvalidTransition, NotPermitted
from accounts.models import AuditEvent
from generation.actions.model_settings import (
    ModelSettings,
    disable_model,
    edit_model,
    enable_model,
    make_default,
    retire_model,
)
from generation.actions.models import note_served, register_model
from generation.models import ModelVersion, Worker
from generation.queries.models import enabled_models, model_for
from generation.tiers import DEFAULT_TIERS
from tests.builders import World, access_of, make_operator
from tests.concurrency import at_once
from tests.generation.builders import SYSTEM, make_preview_model

pytestmark = pytest.mark.django_db(transaction=True)

TIERS = [
    {"name": "large", "min_free_gb": 20, "side": 2048},
    {"name": "small", "min_free_gb": 0, "side": 768},
]


def register_z(**changes: object) -> ModelVersion:
    said = {"name": "Z", "revision": "1", "engine": "diffsynth", "is_default": True, **changes}
    return register_model(access=SYSTEM, **said)


@pytest.fixture
def olga(db: None):
    return access_of(make_operator())


def test_what_an_operator_decided_survives_the_next_start(olga) -> None:
    make_preview_model()
    z = register_z()
    preview = ModelVersion.objects.get(engine="preview")
    make_default(access=olga, model=preview)
    edit_model(access=olga, model=z, settings=ModelSettings(default_steps=12, description="Good"))
    disable_model(access=olga, model=z)

    make_preview_model()
    z = register_z(licence="Apache-2.0")

    assert (z.is_enabled, z.default_steps, z.description) == (False, 12, "Good")
    assert z.licence == "Apache-2.0", "facts are brought up to date"
    assert model_for(None) == preview


def test_new_model_that_wants_to_be_the_default_becomes_it(db: None) -> None:
    make_preview_model()

    z = register_z()

    assert model_for(None) == z
    assert ModelVersion.objects.filter(is_default=True).count() == 1


def test_model_without_engine_is_hidden_and_comes_back_as_it_was(olga) -> None:
    preview = make_preview_model()
    z = register_z()
    note_served(access=SYSTEM, is_served=lambda model: model.engine == "preview")
    assert list(enabled_models()) == [preview]

    assert note_served(access=SYSTEM, is_served=lambda _model: True) == 1

    assert model_for(None) == z
    disable_model(access=olga, model=z)
    note_served(access=SYSTEM, is_served=lambda model: model.engine == "preview")
    note_served(access=SYSTEM, is_served=lambda _model: True)
    assert list(enabled_models()) == [preview], "an operator has disabled it"


def test_engines_of_other_machines_count_and_those_of_this_one_do_not(db: None) -> None:
    register_z()
    row = {"name": "w", "pid": 1, "engines": ["diffsynth"], "last_seen_at": timezone.now()}
    worker = Worker.objects.create(host="another-machine", **row)

    call_command("register_models")
    assert enabled_models().filter(name="Z").exists()

    worker.delete()
    call_command("register_models", add_only=True)
    assert enabled_models().filter(name="Z").exists(), "a worker hides nothing"
    call_command("register_models")
    assert not enabled_models().filter(name="Z").exists()


def test_enabling_and_disabling_lose_to_whoever_was_faster(olga) -> None:
    model = make_preview_model()
    disable_model(access=olga, model=model)
    assert not enabled_models().exists()
    with pytest.raises(InvalidTransition):
        disable_model(access=olga, model=model)

    enable_model(access=olga, model=model)
    with pytest.raises(InvalidTransition):
        enable_model(access=olga, model=model)

    actions = set(AuditEvent.objects.values_list("action", flat=True))
    assert {"generation.model.enabled", "generation.model.disabled"} <= actions


def test_retired_model_is_gone_for_good(olga) -> None:
    model = make_preview_model()

    retire_model(access=olga, model=model)

    assert not enabled_models().exists()
    assert not model.is_default
    for action in (enable_model, retire_model, make_default):
        with pytest.raises(InvalidTransition):
            action(access=olga, model=model)
    make_preview_model()
    assert not enabled_models().exists(), "the next start does not bring it back"


def test_of_two_new_defaults_at_once_one_wins(olga) -> None:
    models = [register_z(name=f"Z{number}", is_default=False) for number in range(2)]

    at_once(
        2,
        lambda number: make_default(access=olga, model=models[number]),
        refusal=InvalidTransition,
    )

    assert ModelVersion.objects.filter(is_default=True).count() == 1


def test_model_that_nobody_can_choose_is_no_default(olga) -> None:
    make_preview_model()
    z = register_z(is_default=False)
    disable_model(access=olga, model=z)

    with pytest.raises(InvalidTransition):
        make_default(access=olga, model=z)

    assert ModelVersion.objects.get(is_default=True).name == "Preview"


def test_settings_are_kept_and_what_changed_is_written_down(olga) -> None:
    model = make_preview_model()

    edit_model(
        access=olga,
        model=model,
        settings=ModelSettings(description=" Fast ", default_steps=4, vram_tiers=TIERS),
    )

    model.refresh_from_db()
    assert (model.description, model.default_steps) == ("Fast", 4)
    assert [tier.name for tier in model.tiers] == ["large", "small"]
    event = AuditEvent.objects.get(action="generation.model.edited")
    assert event.data["changed"]["default_steps"] == [8, 4]
    edit_model(access=olga, model=model, settings=ModelSettings(default_steps=4))
    assert model.tiers == DEFAULT_TIERS
    edit_model(access=olga, model=model, settings=ModelSettings(default_steps=4))
    assert AuditEvent.objects.filter(action="generation.model.edited").count() == 2


@pytest.mark.parametrize(
    ("said", "field"),
    [
        (ModelSettings(default_steps=0), "default_steps"),
        (ModelSettings(default_cfg=31), "default_cfg"),
        (ModelSettings(default_cfg=float("nan")), "default_cfg"),
        (ModelSettings(description="x" * 201), "description"),
        (ModelSettings(vram_tiers=[]), "vram_tiers"),
        (ModelSettings(vram_tiers=[TIERS[0], {**TIERS[1], "side": 700}]), "vram_tiers.1.side"),
    ],
)
def test_value_that_cannot_be_is_refused_with_its_field(olga, said, field: str) -> None:
    model = make_preview_model()

    with pytest.raises(InvalidInput) as refusal:
        edit_model(access=olga, model=model, settings=said)

    assert refusal.value.field == field
    assert not AuditEvent.objects.filter(action="generation.model.edited").exists()


def test_models_are_for_operators_only(world: World) -> None:
    model = make_preview_model()
    for person in (world.ada, world.mallory):
        access = access_of(person)
        for action in (enable_model, disable_model, retire_model, make_default):
            with pytest.raises(NotPermitted):
                action(access=access, model=model)
        with pytest.raises(NotPermitted):
            edit_model(access=access, model=model, settings=ModelSettings())


def test_upgrade_tells_models_without_engine_from_models_that_somebody_disabled(db: None) -> None:
    migration = import_module("generation.migrations.0007_models_say_whether_an_engine_serves_them")
    hidden = ModelVersion.objects.create(name="A", engine="diffsynth", is_enabled=False)
    retired = ModelVersion.objects.create(
        name="B", engine="diffsynth", is_enabled=False, retired_at=timezone.now()
    )

    migration.tell_apart(apps, None)

    hidden.refresh_from_db()
    retired.refresh_from_db()
    assert (hidden.is_enabled, hidden.is_served) == (True, False)
    assert (retired.is_enabled, retired.is_served) == (False, True)
