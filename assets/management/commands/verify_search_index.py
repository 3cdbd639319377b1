"""`manage.py verify_search_index`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.access import Access
from assets.actions.rebuilding import Findings, compare_index

EVERY = 10_000
SHOWN = 10


class Command(BaseCommand):
    """Compares every document of the search index with its image, and changes nothing."""

    help = "Look whether the search index is right; fails when it is not."

    def handle(self, *args: Any, **options: Any) -> None:
        """Say what is missing, stale or foreign."""
        findings, told = Findings(), 0
        for findings in compare_index(access=Access.system("verify_search_index")):
            if findings.looked_at // EVERY > told // EVERY:
                self.stdout.write(f"{findings.looked_at} images (up to id {findings.last_id})")
            told = findings.looked_at
        self.stdout.write(f"{findings.looked_at} images were compared.")
        if findings.is_right:
            self.stdout.write("The search index is right.")
            return
        self._tell("not in the index", findings.missing)
        self._tell("with an old document", findings.stale)
        if findings.foreign:
            self.stdout.write(f"documents of images that are gone: {findings.foreign}")
        if findings.miscounted:
            self.stdout.write(f"suggested values with a wrong count: {findings.miscounted}")
        if findings.is_damaged:
            self.stdout.write("The full text table differs from the documents.")
        message = "The search index is not right. Run `manage.py rebuild_search_index`."
        raise CommandError(message)

    def _tell(self, what: str, ids: Sequence[int]) -> None:
        if ids:
            shown = ", ".join(map(str, ids[:SHOWN])) + (", …" if len(ids) > SHOWN else "")
            self.stdout.write(f"images {what}: {len(ids)} (ids {shown})")
