"""Our own files coming home: the whole snapshot lies in the PNG.

Anybody can write such a text, and another installation has other rows under the same keys. So only
what describes the picture counts; who made it, in which project and from which rows is left to
those who bring it in.
"""

from __future__ import annotations

from dataclasses import replace

from assets.foreign import plain
from assets.foreign.carried import Carried
from assets.foreign.record import ForeignRecord
from assets.provenance.writing import SNAPSHOT_KEYWORD
from assets.snapshot import MetadataSnapshot, Picture, SnapshotError, Words

TOOL = "Atelier"
LONGEST = 200_000


def read(carried: Carried) -> ForeignRecord | None:
    """The snapshot of the file; `None` where there is none of this schema."""
    text = carried.texts.get(SNAPSHOT_KEYWORD)
    data = plain.json_object(text) if text and len(text) <= LONGEST else None
    try:
        snapshot = MetadataSnapshot.from_json(data)
        snapshot.to_json()
    except (SnapshotError, OverflowError):
        return None
    return _record(
        replace(
            snapshot,
            words=_clean(snapshot.words),
            picture=_bounded(snapshot.picture),
            model=replace(snapshot.model, name=plain.name(snapshot.model.name) or ""),
        )
    )


def _clean(words: Words) -> Words:
    return replace(
        words,
        prompt=plain.words(words.prompt) or "",
        final_prompt=plain.words(words.final_prompt),
        negative_prompt=plain.words(words.negative_prompt),
    )


def _bounded(picture: Picture) -> Picture:
    """The numbers within the bounds that hold for every tool."""
    return replace(
        picture,
        seed=plain.seed(picture.seed),
        steps=plain.steps(picture.steps),
        cfg=plain.cfg(picture.cfg),
        sigma_shift=plain.shift(picture.sigma_shift),
        sampler=plain.name(picture.sampler),
        schedule=plain.name(picture.schedule),
        asked_width=plain.side(picture.asked_width),
        asked_height=plain.side(picture.asked_height),
    )


def _record(snapshot: MetadataSnapshot) -> ForeignRecord:
    words, picture, model = snapshot.words, snapshot.picture, snapshot.model
    return ForeignRecord(
        tool=TOOL,
        prompt=plain.words(words.effective_prompt),
        negative_prompt=plain.words(words.negative_prompt),
        seed=picture.seed,
        steps=picture.steps,
        cfg=picture.cfg,
        sigma_shift=picture.sigma_shift,
        sampler=picture.sampler,
        schedule=picture.schedule,
        asked_width=picture.asked_width or plain.side(picture.width),
        asked_height=picture.asked_height or plain.side(picture.height),
        strength=plain.share(snapshot.origin.strength),
        model_name=plain.name(model.name),
        model_hash=plain.sha256(model.main_hash),
        loras=model.loras,
        made_at=snapshot.created_at,
        snapshot=snapshot,
    )
