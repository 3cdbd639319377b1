"""`manage.py makemessages -l zh_Hans`: collect the strings to translate (needs gettext)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from django.core.management.commands import makemessages

PASSING = re.compile(r'^"(POT-Creation-Date|Report-Msgid-Bugs-To):.*\n', re.MULTILINE)


class Command(makemessages.Command):
    """Django's command, writing only what two branches can merge.

    No dates and no places in the source, which change with every line above them; no guesses at
    translations, which somebody has to find and check; tests have nothing to translate.
    """

    msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]

    def handle(self, *args: Any, **options: Any) -> None:
        """Collect, with the options that every call here needs."""
        options |= {"no_wrap": True, "no_location": True, "no_obsolete": True}
        options["ignore_patterns"] = [*options["ignore_patterns"], "tests"]
        super().handle(*args, **options)

    def write_po_file(self, potfile: str, locale: str) -> None:
        """Write the catalogue, then take out what changes by itself."""
        super().write_po_file(potfile, locale)
        catalogue = Path(potfile).parent / locale / "LC_MESSAGES" / f"{self.domain}.po"
        text = catalogue.read_text(encoding="utf-8")
        catalogue.write_text(PASSING.sub("", text), encoding="utf-8")
