"""`manage.py verify_archive`: whether rows and files of the archive agree."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.access import Access
from accounts.models import Project
from assets.actions.tallying import repair_tally
from assets.queries.archive_check import (
    Fault,
    FaultKind,
    faults_of_files,
    faults_of_rows,
    faults_of_tallies,
    how_many_images,
)

TOLD_EVERY = 1000


class Command(BaseCommand):
    """Look for missing, altered and orphaned files and for wrong tallies; delete nothing."""

    help = (
        "Check that every file of the archive is there and unaltered, that none is left over, and"
        " that the kept counts are right. Deletes nothing. Exit code 1 when something is wrong."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Describe the options."""
        parser.add_argument("--project", type=int, help="only the project with this id")
        parser.add_argument(
            "--sample",
            type=int,
            help="compare the bytes of about so many originals only; without it, of all of them",
        )
        parser.add_argument("--repair-tallies", action="store_true", help="set wrong counts right")
        parser.add_argument("--json", action="store_true", help="one JSON object on each line")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check, tell, and say with the exit code whether everything is right."""
        access = Access.system("verify_archive")
        project = self._project(options["project"])
        total = how_many_images(access, project)
        found: Counter[FaultKind] = Counter()
        repaired = 0
        for fault in self._faults(access, project, total, options["sample"]):
            broken = self._project(fault.project)
            if fault.kind == FaultKind.WRONG_TALLY and options["repair_tallies"] and broken:
                repair_tally(access=access, project=broken)
                repaired += 1
                self._tell({**fault.to_json(), "repaired": True}, as_json=options["json"])
                continue
            found[fault.kind] += 1
            self._tell(fault.to_json(), as_json=options["json"])
        summary = {
            "images": total,
            "faults": sum(found.values()),
            "repaired": repaired,
            **{kind.value: count for kind, count in sorted(found.items())},
        }
        self._tell({"summary": summary} if options["json"] else summary, as_json=options["json"])
        if found:
            sys.exit(1)

    def _faults(
        self, access: Access, project: Project | None, total: int, sample: int | None
    ) -> Iterator[Fault]:
        seen = 0

        def looked_at(count: int) -> None:
            nonlocal seen
            before, seen = seen, seen + count
            if seen // TOLD_EVERY > before // TOLD_EVERY:
                self.stderr.write(f"{seen} of {total} images")

        hash_every = 1 if sample is None else -(-total // sample) if sample > 0 else 0
        yield from faults_of_rows(
            access, project=project, hash_every=hash_every, looked_at=looked_at
        )
        yield from faults_of_files(access, project=project)
        yield from faults_of_tallies(access, project=project)

    def _project(self, project_id: int | None) -> Project | None:
        if project_id is None:
            return None
        project = Project.objects.select_related("organization").filter(pk=project_id).first()
        if project is None:
            raise CommandError(f"There is no project with the id {project_id}.")
        return project

    def _tell(self, what: dict[str, Any], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(what, ensure_ascii=False))
        else:
            self.stdout.write("  ".join(f"{name}: {value}" for name, value in what.items()))
