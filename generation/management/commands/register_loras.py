"""`manage.py register_loras`: let people choose the LoRA files of the configured directory."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.access import Access
from accounts.errors import DomainError
from generation.actions.lora_files import accept_lora, describe_lora, register_loras
from generation.models import Lora


class Command(BaseCommand):
    """Keep the rows of LoRAs in step with the files below ATELIER_LORA_DIR."""

    help = "Register the LoRA files below ATELIER_LORA_DIR and disable what is gone or changed."

    def add_arguments(self, parser: CommandParser) -> None:
        """What to do with one LoRA, after all files were looked at."""
        parser.add_argument("--accept", metavar="NAME", help="take its file as it is now")
        parser.add_argument("--describe", metavar="NAME", help="set its words or usual weight")
        parser.add_argument("--words", help="with --describe: the words that call it")
        parser.add_argument("--weight", type=float, help="with --describe: how strongly it acts")

    def handle(self, *args: Any, **options: Any) -> None:
        """Look at every file; running it again changes nothing."""
        if not settings.LORA_DIR:
            raise CommandError("There is no directory of LoRAs. Name one with ATELIER_LORA_DIR.")
        root = Path(settings.LORA_DIR)
        if not root.is_dir():
            raise CommandError(f"ATELIER_LORA_DIR is no directory: {root}.")
        access = Access.system("register-loras")
        news = register_loras(access=access, root=root)
        self._say(f"{lora}: registered ({lora.path})." for lora in news.added)
        self._say(f"{lora}: disabled, its file {lora.path} is gone." for lora in news.gone)
        self._say(
            f"{lora}: disabled, its file {lora.path} has changed. "
            f"To take it as it is now: manage.py register_loras --accept {str(lora)!r}"
            for lora in news.changed
        )
        self._say(f"{path}: cannot be read, not registered." for path in news.unreadable)
        try:
            if options["accept"]:
                accepted = accept_lora(access=access, lora=_named(options["accept"]), root=root)
                self._say([f"{accepted}: enabled with the file as it is."])
            if options["describe"]:
                described = describe_lora(
                    access=access,
                    lora=_named(options["describe"]),
                    words=options["words"],
                    weight=options["weight"],
                )
                self._say(
                    [f"{described}: “{described.trigger_words}”, {described.default_weight:g}."]
                )
        except DomainError as error:
            raise CommandError(error.sentence) from error

    def _say(self, sentences: Iterable[str]) -> None:
        for sentence in sentences:
            self.stdout.write(sentence)


def _named(name: str) -> Lora:
    lora = Lora.objects.filter(name=name).first()
    if lora is None:
        raise CommandError(f"There is no LoRA {name!r}.")
    return lora
