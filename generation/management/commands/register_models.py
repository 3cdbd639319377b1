"""`manage.py register_models`: describe the models whose engines are configured."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from accounts.access import Access
from generation.actions.models import note_engines, register_model
from generation.queries.workers import engines_elsewhere


class Command(BaseCommand):
    """Keep the rows of models in step with the configured engines."""

    help = "Register the models that the configured engines serve and hide those of no engine."

    def add_arguments(self, parser: CommandParser) -> None:
        """A worker adds what it brings; the site also says what nobody has any more."""
        parser.add_argument(
            "--add-only", action="store_true", help="hide nothing: other machines know better"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the rows; running it again changes nothing."""
        access = Access.system("register-models")
        engines = set(settings.GENERATION_ENGINES)
        if not options["add_only"]:
            note_engines(access=access, engines=engines | engines_elsewhere())
        real = "diffsynth" in engines
        register_model(
            access=access,
            name="Preview",
            revision="1",
            engine="preview",
            is_preview=True,
            is_default=not real,
        )
        if real:
            register_model(
                access=access,
                name="Z-Image-Turbo",
                revision="Tongyi-MAI/Z-Image-Turbo",
                engine="diffsynth",
                licence="Apache-2.0",
                default_steps=8,
                default_cfg=1.0,
                is_default=True,
            )
