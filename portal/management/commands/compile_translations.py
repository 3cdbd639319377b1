"""`manage.py compile_translations`: bring the compiled translations up to date."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from portal.running.translations import compile_translations


class Command(BaseCommand):
    """Like Django's `compilemessages`, without gettext."""

    help = "Compile the .po files that changed."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Compile and say how many files changed."""
        count = sum(compile_translations(Path(path)) for path in settings.LOCALE_PATHS)
        if count:
            self.stdout.write(f"Compiled {count} translation files.")
