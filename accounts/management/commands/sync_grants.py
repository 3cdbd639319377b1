"""`manage.py sync_grants [--check]`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import grants
from accounts.access import Access
from accounts.actions.granting import repair_grants


class Command(BaseCommand):
    """Compares guardian's permission rows with the memberships, and makes them agree."""

    help = "Make the permission rows of projects what the memberships say."

    def add_arguments(self, parser: CommandParser) -> None:
        """`--check` looks and changes nothing."""
        parser.add_argument(
            "--check", action="store_true", help="only look; fail when something disagrees"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Say which people in which organizations were wrong."""
        if not options["check"]:
            repaired = repair_grants(access=Access.system("sync_grants"))
            self._tell(repaired)
            self.stdout.write(f"{len(repaired)} repaired." if repaired else "All agree.")
            return
        wrong = grants.disagreements()
        self._tell(wrong)
        if wrong:
            message = f"{len(wrong)} disagree. Run `manage.py sync_grants` to repair them."
            raise CommandError(message)
        self.stdout.write("All agree.")

    def _tell(self, pairs: list[tuple[int, int]]) -> None:
        for user_id, organization_id in pairs:
            self.stdout.write(f"person {user_id} in organization {organization_id}")
