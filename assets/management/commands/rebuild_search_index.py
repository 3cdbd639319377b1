"""`manage.py rebuild_search_index [--missing] [--after ID]`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from accounts.access import Access
from assets.actions.rebuilding import (
    count_again,
    index_again,
    index_missing,
    repair_table,
    tidy_table,
)

EVERY = 10_000


class Command(BaseCommand):
    """Files images in the search index, all of them or those that are not in it yet.

    The site may go on meanwhile: an image is found as it was until its turn comes.
    """

    help = "Make the search index anew. Can be interrupted, and goes on with --after."

    def add_arguments(self, parser: CommandParser) -> None:
        """What is left to do."""
        parser.add_argument(
            "--missing", action="store_true", help="only images that are not in the index"
        )
        parser.add_argument(
            "--after", type=int, default=0, metavar="ID", help="begin after the image with this id"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Say how far it is, and at what to go on when it is interrupted."""
        access = Access.system("rebuild_search_index")
        done, last = 0, options["after"]
        if options["missing"]:
            steps = index_missing(access=access)
        else:
            repair_table(access=access)
            steps = index_again(access=access, after=options["after"])
        try:
            for progress in steps:
                if progress.done // EVERY > done // EVERY:
                    self.stdout.write(f"{progress.done} images (up to id {progress.last_id})")
                done, last = progress.done, progress.last_id
        except KeyboardInterrupt:
            again = "--missing" if options["missing"] else f"--after {last}"
            self.stdout.write(f"Stopped after {done} images. Go on with {again}.")
            return
        if not options["missing"]:
            count_again(access=access)
        tidy_table(access=access)
        if done or options["verbosity"]:
            self.stdout.write(f"{done} images are in the search index.")
