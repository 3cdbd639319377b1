"""`manage.py seed_demo`: two organizations with people, templates and about sixty pictures."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from generation.models import ModelVersion
from portal.demo.seeding import seed


class Command(BaseCommand):
    """Make the demo, once."""

    help = "Make the demo organizations, people and pictures, if that has not been done."

    def handle(self, *args: Any, **options: Any) -> None:
        """Say how far it is; running it again changes nothing."""
        if not ModelVersion.objects.filter(engine="preview").exists():
            message = "There is no preview model yet. Run `manage.py register_models` first."
            raise CommandError(message)
        if seed(self.stdout.write):
            self.stdout.write("The demo is ready.")
