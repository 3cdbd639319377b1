"""InvokeAI: `invokeai_metadata` since 3.0, `sd-metadata` and `Dream` before."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from assets.foreign import plain
from assets.foreign.carried import Carried
from assets.foreign.record import ForeignRecord
from assets.snapshot import Lora

TOOL = "InvokeAI"

_MOST_LORAS = 50
_BRACKETS = re.compile(r"\[([^\[\]]*)\]")
_DREAM = re.compile(r'\s*"(?P<prompt>.*)"(?P<flags>[^"]*)', re.DOTALL)
_FLAG = re.compile(r"(?:^|\s)-{1,2}([A-Za-z]\w*)[ =]?(\S+)")


def read(carried: Carried) -> ForeignRecord | None:
    """What the newest of the three says that is there."""
    texts = carried.texts
    found = plain.json_object(texts.get("invokeai_metadata"))
    if found:
        return _record(found)
    older = plain.json_object(texts.get("sd-metadata"))
    if older and plain.group(older.get("image")):
        return _older(older)
    return _oldest(texts.get("Dream"))


def _record(said: Mapping[str, Any]) -> ForeignRecord | None:
    model = said.get("model")
    mode = str(said.get("generation_mode"))[:100]
    began_with_another = any(word in mode for word in ("img2img", "inpaint", "outpaint"))
    record = ForeignRecord(
        tool=TOOL,
        tool_version=plain.name(said.get("app_version")),
        prompt=plain.words(said.get("positive_prompt")),
        negative_prompt=plain.words(said.get("negative_prompt")),
        seed=plain.seed(said.get("seed")),
        steps=plain.steps(said.get("steps")),
        cfg=plain.cfg(said.get("cfg_scale")),
        sampler=plain.name(said.get("scheduler")),
        asked_width=plain.side(said.get("width")),
        asked_height=plain.side(said.get("height")),
        strength=plain.share(said.get("strength")) if began_with_another else None,
        model_name=_model_name(model),
        model_hash=_model_hash(plain.group(model).get("hash")),
        loras=_loras(said.get("loras")),
    )
    return None if record == ForeignRecord(tool=TOOL, tool_version=record.tool_version) else record


def _model_name(model: Any) -> str | None:
    said = plain.group(model)
    return plain.file_name(said.get("name") or said.get("model_name") or model)


def _model_hash(value: Any) -> str | None:
    """Written as `sha256:…`, or in a kind of hash that nobody else can compare."""
    kind, _colon, digits = value.partition(":") if isinstance(value, str) else ("", "", "")
    return plain.sha256(digits) if kind.lower() == "sha256" else None


def _loras(listed: Any) -> tuple[Lora, ...]:
    loras = []
    for each in listed[:_MOST_LORAS] if isinstance(listed, list) else []:
        said = plain.group(each)
        known = _model_name(said.get("model") or said.get("lora"))
        heavy = plain.weight(said.get("weight"))
        if known and heavy is not None:
            loras.append(Lora(name=known, weight=heavy))
    return tuple(loras)


def _older(said: Mapping[str, Any]) -> ForeignRecord:
    image = plain.group(said.get("image"))
    prompt, negative = _bracketed(_joined(image.get("prompt")))
    began_with_another = image.get("type") == "img2img"
    return ForeignRecord(
        tool=TOOL,
        tool_version=plain.name(said.get("app_version")),
        prompt=prompt,
        negative_prompt=negative,
        seed=plain.seed(image.get("seed")),
        steps=plain.steps(image.get("steps")),
        cfg=plain.cfg(image.get("cfg_scale")),
        sampler=plain.name(image.get("sampler")),
        asked_width=plain.side(image.get("width")),
        asked_height=plain.side(image.get("height")),
        strength=plain.share(image.get("strength")) if began_with_another else None,
        model_name=plain.file_name(said.get("model_weights")),
        model_hash=plain.sha256(said.get("model_hash")),
    )


def _joined(prompt: Any) -> str | None:
    """A prompt was a text, or a list of parts with weights."""
    if not isinstance(prompt, list):
        return plain.words(prompt)
    parts = [plain.words(plain.group(each).get("prompt")) for each in prompt[:100]]
    return plain.words(" ".join(part for part in parts if part))


def _bracketed(text: str | None) -> tuple[str | None, str | None]:
    """Until 3.0, what stood in square brackets was the negative prompt."""
    if text is None:
        return None, None
    negative = " ".join(part.strip() for part in _BRACKETS.findall(text))
    return plain.words(" ".join(_BRACKETS.sub(" ", text).split())), plain.words(negative)


def _oldest(text: str | None) -> ForeignRecord | None:
    """A command line: `"the prompt" -s 50 -S 1234 -W 512 -H 512 -C 7.5 -A k_lms`."""
    found = _DREAM.fullmatch(text[: plain.LONGEST_PROMPT]) if text else None
    if found is None:
        return None
    flags = dict(_FLAG.findall(found["flags"]))
    prompt, negative = _bracketed(plain.words(found["prompt"]))
    if prompt is None and not flags:
        return None
    return ForeignRecord(
        tool=TOOL,
        prompt=prompt,
        negative_prompt=negative,
        seed=plain.seed(flags.get("S")),
        steps=plain.steps(flags.get("s")),
        cfg=plain.cfg(flags.get("C")),
        sampler=plain.name(flags.get("A")),
        asked_width=plain.side(flags.get("W")),
        asked_height=plain.side(flags.get("H")),
        strength=plain.share(flags.get("f")) if "I" in flags else None,
    )
