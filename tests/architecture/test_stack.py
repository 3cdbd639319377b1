"""The stack of apps, where import-linter cannot see it: foreign keys and migrations."""

from __future__ import annotations

import re

from django.apps import apps
from django.db import models
from django.db.migrations.loader import MigrationLoader

from tests.architecture.source import APPS, ROOT

HEIGHT = {app: len(APPS) - place for place, app in enumerate(APPS)}


def test_foreign_keys_point_sideways_or_down() -> None:
    offenders = [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for app in APPS
        for model in apps.get_app_config(app).get_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey | models.OneToOneField | models.ManyToManyField)
        if HEIGHT.get(field.related_model._meta.app_label, 0) > HEIGHT[app]
    ]
    assert offenders == []


def test_migrations_depend_sideways_or_down() -> None:
    loader = MigrationLoader(connection=None, ignore_no_migrations=True)
    offenders = [
        f"{app}.{name} -> {needed}"
        for (app, name), migration in loader.disk_migrations.items()
        if app in HEIGHT
        for needed, _name in migration.dependencies
        if HEIGHT.get(needed, 0) > HEIGHT[app]
    ]
    assert offenders == []


def test_migrations_have_a_name_and_a_number_of_their_own() -> None:
    numbers: set[tuple[str, str]] = set()
    for path in sorted(ROOT.glob("*/migrations/[0-9]*.py")):
        number, _, name = path.stem.partition("_")
        assert not re.search(r"(^|_)auto(_|$)", name), (
            f"{path}: makemigrations -n says what it does"
        )
        assert (path.parts[-3], number) not in numbers, f"{path}: two migrations have this number"
        numbers.add((path.parts[-3], number))
    assert numbers
