"""`manage.py register_models`: describe the models whose files and engines are here."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from accounts.access import Access
from generation.actions.models import note_served, register_model
from generation.engines.weight_files import roots_of
from generation.known_models import incomplete_models, is_here, models_here
from generation.queries.workers import engines_elsewhere


class Command(BaseCommand):
    """Keep the rows of models in step with the configured engines and the files on disk."""

    help = "Register the models that can be served from the configured directories."

    def add_arguments(self, parser: CommandParser) -> None:
        """A worker adds what it brings; the site also says what nobody has any more."""
        parser.add_argument(
            "--add-only", action="store_true", help="hide nothing: other machines know better"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the rows; running it again changes nothing, least of all what operators decided."""
        access = Access.system("register-models")
        engines = settings.GENERATION_ENGINES
        found = models_here(engines)
        for number, model in enumerate(found):
            register_model(access=access, is_default=number == 0, **asdict(model))
        if not options["add_only"]:
            self._hide_the_others(access)
        if options["verbosity"] > 0:
            self._say([model.name for model in found])

    def _hide_the_others(self, access: Access) -> None:
        engines, elsewhere = settings.GENERATION_ENGINES, engines_elsewhere()
        note_served(
            access=access,
            is_served=lambda model: (
                model.engine in elsewhere or is_here(model.name, model.engine, engines)
            ),
        )

    def _say(self, names: list[str]) -> None:
        self.stdout.write(f"Served here: {', '.join(names) or 'nothing'}.")
        for name, reason in incomplete_models(roots_of(settings.MODEL_DIR)):
            self.stdout.write(f"Not served: {name}. {reason}")
