"""`manage.py canaries [--accept MODEL | --reset MODEL]`: whether models draw what they drew."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.access import Access
from accounts.errors import DomainError
from generation.actions.canaries import accept_canaries, reset_canaries
from generation.models import ModelVersion
from generation.queries.canaries import CanaryState, models_with_canaries


class Command(BaseCommand):
    """Tell what the canaries say, or what is to be believed."""

    help = "Show the canaries of the models, accept what a model draws now, or forget it."

    def add_arguments(self, parser: CommandParser) -> None:
        """Without arguments it only tells."""
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--accept", metavar="MODEL", help="make what it draws now the reference")
        what.add_argument("--reset", metavar="MODEL", help="forget its references")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, and say what is so now."""
        access = Access.system("canaries")
        if options["accept"]:
            self._each(options["accept"], accept_canaries, access)
        if options["reset"]:
            self._each(options["reset"], reset_canaries, access)
        states = models_with_canaries()
        for state in states:
            self._tell(state)
        if not states:
            self.stdout.write("No canary was drawn yet.")

    def _each(self, name: str, action: Any, access: Access) -> None:
        models = ModelVersion.objects.filter(name=name, canary_runs__is_current=True).distinct()
        if not models:
            raise CommandError(f"The model {name!r} has no canaries.")
        try:
            for model in models:
                action(access=access, model=model)
        except DomainError as error:
            raise CommandError(error.sentence) from error

    def _tell(self, state: CanaryState) -> None:
        for place in state.places:
            words = [f"{state.model} on {place.name}: {place.outcome}"]
            if place.outcome != "stored":
                apart = "unknown" if place.difference is None else f"{place.difference:.2f}"
                words.append(f"difference {apart} (up to {state.tolerance:g} is the same)")
            words += place.changes
            if place.is_held:
                words.append("may not work there")
            self.stdout.write("; ".join(words))
