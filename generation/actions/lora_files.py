"""Keeping the registered LoRAs in step with the files that an operator has put there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.access import Access
from accounts.actions.auditing import record
from accounts.errors import InvalidInput
from generation.actions.loras import REFUSALS
from generation.engines.checking import LORA_WEIGHT_LIMIT
from generation.engines.weight_files import FoundLora, find_loras, notes_in, sha256_of
from generation.lora_files import LoraFileRefused, measure
from generation.models import Lora

WORDS_LIMIT = 200
NAME_LIMIT = 80
PATH_LIMIT = 255
# Where the makers of LoRAs write down the words that call them (Stability AI's ModelSpec).
WORDS_NOTE = "modelspec.trigger_phrase"


@dataclass(slots=True)
class LoraNews:
    """What became of the LoRAs: each list holds those that an operator may want to hear of.

    `unreadable` are paths of files that could not be registered.
    """

    added: list[Lora] = field(default_factory=list)
    gone: list[Lora] = field(default_factory=list)
    changed: list[Lora] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)


def register_loras(*, access: Access, root: Path) -> LoraNews:
    """Register the LoRA files below `root`, and disable those whose file is gone or has changed.

    A file is read when it is new or was touched. What is disabled stays so, whoever did it, until
    an operator accepts the file (`accept_lora`): nothing comes back by itself.
    """
    access.require_system()
    news = LoraNews()
    known = {lora.path: lora for lora in Lora.objects.all()}
    for found in find_loras(root):
        lora = known.pop(found.path, None)
        if lora is None:
            _add(access, root, found, news)
        elif not _is_untouched(lora, found):
            _compare(access, root, lora, found, news)
    for lora in known.values():
        if _disable(access, lora, why="gone"):
            news.gone.append(lora)
    return news


def accept_lora(*, access: Access, lora: Lora, root: Path) -> Lora:
    """Take the file of a LoRA as it is now, and let people choose it again.

    Requests that wait with the old file fail with a sentence: it is not what they asked for.

    Raises:
        InvalidInput: the file is not there or cannot be read.
    """
    access.require_operator()
    try:
        modified_ns = (root / lora.path).stat().st_mtime_ns
        file = measure(root, lora.path)
    except (OSError, LoraFileRefused) as error:
        reason = error.reason if isinstance(error, LoraFileRefused) else "missing"
        raise InvalidInput(REFUSALS[reason], field="path") from error
    with transaction.atomic():
        Lora.objects.filter(pk=lora.pk).update(
            sha256=file.sha256, bytes=file.size, modified_ns=modified_ns, is_enabled=True
        )
        lora.refresh_from_db()
        _record(access, "accepted", lora, sha256=file.sha256)
    return lora


@transaction.atomic
def describe_lora(
    *, access: Access, lora: Lora, words: str | None = None, weight: float | None = None
) -> Lora:
    """Say which words call a LoRA, and how strongly it usually acts; `None` leaves it as it is.

    Raises:
        InvalidInput: the words are too many or the weight is too strong.
    """
    access.require_operator()
    if words is not None and len(words.strip()) > WORDS_LIMIT:
        raise InvalidInput(
            _("Use at most %(most)d characters.") % {"most": WORDS_LIMIT}, field="trigger_words"
        )
    if weight is not None and not abs(weight) <= LORA_WEIGHT_LIMIT:
        raise InvalidInput(
            _("The weight of a LoRA lies between %(least)g and %(most)g.")
            % {"least": -LORA_WEIGHT_LIMIT, "most": LORA_WEIGHT_LIMIT},
            field="default_weight",
        )
    lora.trigger_words = lora.trigger_words if words is None else words.strip()
    lora.default_weight = lora.default_weight if weight is None else weight
    lora.save(update_fields=["trigger_words", "default_weight"])
    _record(access, "described", lora)
    return lora


def _is_untouched(lora: Lora, found: FoundLora) -> bool:
    return (lora.bytes, lora.modified_ns) == (found.bytes, found.modified_ns)


def _add(access: Access, root: Path, found: FoundLora, news: LoraNews) -> None:
    try:
        sha256 = measure(root, found.path).sha256
    except LoraFileRefused:
        news.unreadable.append(found.path)
        return
    if len(found.path) > PATH_LIMIT:
        news.unreadable.append(found.path)
        return
    words = notes_in(root / found.path).get(WORDS_NOTE, "")
    for name in _names(found.path):
        try:
            with transaction.atomic():
                lora = Lora.objects.create(
                    name=name,
                    path=found.path,
                    sha256=sha256,
                    bytes=found.bytes,
                    modified_ns=found.modified_ns,
                    trigger_words=" ".join(words.split())[:WORDS_LIMIT],
                )
                _record(access, "registered", lora, path=found.path, sha256=sha256)
        except IntegrityError:
            continue  # the name is taken, or somebody else has just registered the file
        news.added.append(lora)
        return


def _names(path: str) -> Iterator[str]:
    """What a LoRA may be called: as its file, with its folder if need be, with a number."""
    stem = str(PurePosixPath(path).with_suffix(""))
    yield PurePosixPath(stem).name[:NAME_LIMIT]
    yield stem[-NAME_LIMIT:]
    for number in range(2, 10):
        yield f"{stem[-NAME_LIMIT + 2 :]} {number}"


def _compare(access: Access, root: Path, lora: Lora, found: FoundLora, news: LoraNews) -> None:
    """A file that was touched may still be the same."""
    try:
        sha256 = sha256_of(root / found.path)
    except OSError:
        sha256 = ""
    if sha256 == lora.sha256:
        Lora.objects.filter(pk=lora.pk).update(bytes=found.bytes, modified_ns=found.modified_ns)
    elif _disable(access, lora, why="changed"):
        news.changed.append(lora)


@transaction.atomic
def _disable(access: Access, lora: Lora, *, why: str) -> bool:
    if not Lora.objects.filter(pk=lora.pk, is_enabled=True).update(is_enabled=False):
        return False
    _record(access, "disabled", lora, why=why)
    return True


def _record(access: Access, happened: str, lora: Lora, **data: Any) -> None:
    record(access, f"generation.lora.{happened}", lora, organization_id=None, **data)
