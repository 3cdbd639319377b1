"""`manage.py describe_looks`: writes down how older images look."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from accounts.access import Access
from assets.actions.looking import describe_older

AT_ONCE = 100


class Command(BaseCommand):
    """Go through all images once. The archivist does the same while it has nothing else to do."""

    help = "Write down how older images look, for near-duplicates, similar looks and placeholders."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to begin."""
        parser.add_argument(
            "--after", type=int, default=0, metavar="ID", help="go on after this image"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Describe what is not described; running it again, or going on, repeats nothing."""
        access = Access.system("describe-looks")
        reached: int = options["after"]
        while (after := describe_older(access=access, after=reached, most=AT_ONCE)) is not None:
            reached = after
            if options["verbosity"]:
                self.stdout.write(f"Described up to image {after}.")
        if options["verbosity"]:
            self.stdout.write(f"Every image up to {reached} was looked at.")
