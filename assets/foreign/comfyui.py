"""ComfyUI: the graph that made the picture, as `prompt` (what ran) or `workflow` (what was drawn).

There is no list of settings, only nodes and links, and anybody can write nodes. So the graph is
followed from what saved the picture to the sampler, and from there along the links that mean the
same everywhere: conditioning to words, model to its loader, latent to its size. What the known
links do not lead to stays unknown.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from assets.foreign import plain
from assets.foreign.carried import Carried
from assets.foreign.comfyui_graph import Graph, Node, graph_of_prompt, graph_of_workflow
from assets.foreign.record import ForeignRecord
from assets.snapshot import Lora

TOOL = "ComfyUI"

_FARTHEST = 60
_MOST_LORAS = 50
_WORD_KEYS = ("text", "prompt", "positive_prompt", "t5xxl", "text_g", "text_positive")
_STRING_KEYS = ("value", "text", "string", "prompt", "populated_text", "result")
_NUMBER_KEYS = ("value", "seed", "noise_seed", "int", "float", "number")
_SEED_KEYS = ("seed", "noise_seed")
_MODEL_KEYS = ("ckpt_name", "unet_name", "model_name", "diffusion_model_name")
_PICTURE_KEYS = ("latent_image", "latent", "samples", "images", "image", "pixels")
_SAMPLER_MARKS = frozenset({"positive", "guider", "conditioning"})


def read(carried: Carried) -> ForeignRecord | None:
    """What the graph that ran says, or the drawn one where only that is kept."""
    for text in (carried.texts.get("prompt"), *_in_exif(carried, "prompt:")):
        graph = graph_of_prompt(plain.json_object(text))
        if graph and (found := _record(graph)):
            return found
    for text in (carried.texts.get("workflow"), *_in_exif(carried, "workflow:")):
        graph = graph_of_workflow(plain.json_object(text))
        if graph and (found := _record(graph)):
            return found
    return None


def _in_exif(carried: Carried, mark: str) -> Iterable[str]:
    """JPEG and WebP keep each text behind a mark, in one entry of Exif or another."""
    for text in (carried.camera_model, carried.camera_make, carried.description, carried.comment):
        if text and text[: len(mark)].lower() == mark:
            yield text[len(mark) :]


def _record(graph: Graph) -> ForeignRecord | None:
    sampler = _first_sampler(graph)
    if sampler is None:
        return None
    guider = graph.at(sampler, "guider") or sampler
    sigmas = _holder(graph, sampler, "sigmas", "steps") or sampler
    positive = "positive" if "positive" in guider.inputs else "conditioning"
    model = _model(graph, guider if "model" in guider.inputs else sampler)
    size = _size(graph, sampler)
    return ForeignRecord(
        tool=TOOL,
        prompt=plain.words(_words(graph, guider, positive)),
        negative_prompt=plain.words(_words(graph, guider, "negative")),
        seed=_seed(graph, sampler),
        steps=plain.steps(_number(graph, sigmas, "steps")),
        cfg=plain.cfg(_number(graph, guider, "cfg")),
        sigma_shift=model.shift,
        sampler=plain.name(_text(graph, sampler, "sampler_name"))
        or plain.name(_text(graph, graph.at(sampler, "sampler"), "sampler_name")),
        schedule=plain.name(_text(graph, sigmas, "scheduler")),
        asked_width=size[0],
        asked_height=size[1],
        strength=_strength(graph, sampler, sigmas),
        model_name=model.name,
        loras=tuple(model.loras),
    )


def _first_sampler(graph: Graph) -> Node | None:
    """The sampler that the saved picture began with: later ones only enlarge or mend it."""
    found: Node | None = None
    start = graph.savers() or tuple(graph.nodes.values())
    seen: set[str] = set()
    while start:
        nearest = _nearest(graph, start, seen)
        if nearest is None:
            break
        found = nearest
        start = tuple(graph.linked(nearest, _PICTURE_KEYS))
    return found


def _nearest(graph: Graph, start: Iterable[Node], seen: set[str]) -> Node | None:
    """The first sampler on the way up, breadth first."""
    waiting = [node for node in start if node.id not in seen]
    for node in waiting:  # grows while it is walked
        if node.id in seen:
            continue
        seen.add(node.id)
        if _is_sampler(node):
            return node
        waiting.extend(graph.linked(node))
    return None


def _is_sampler(node: Node) -> bool:
    has_seed = any(key in node.inputs for key in (*_SEED_KEYS, "noise"))
    return has_seed and not _SAMPLER_MARKS.isdisjoint(node.inputs)


def _seed(graph: Graph, sampler: Node) -> int | None:
    noise = graph.at(sampler, "noise")
    for node in (sampler, noise):
        for key in _SEED_KEYS:
            found = plain.seed(_number(graph, node, key))
            if found is not None:
                return found
    return None


def _number(graph: Graph, node: Node | None, key: str) -> Any:
    """The number that stands there, or that the node it is linked to holds."""
    return _value(graph, node, key, _NUMBER_KEYS)


def _text(graph: Graph, node: Node | None, key: str) -> Any:
    return _value(graph, node, key, _STRING_KEYS)


def _value(graph: Graph, node: Node | None, key: str, keys: tuple[str, ...]) -> Any:
    """What an input holds, across nodes that only hold a value for others."""
    for _hop in range(_FARTHEST):
        if node is None:
            return None
        source = graph.at(node, key)
        if source is None:
            return node.inputs.get(key)
        if {"string_a", "string_b"} <= source.inputs.keys():
            return _concatenated(source)
        if key not in source.inputs:
            key = next((each for each in keys if each in source.inputs), "")
        node = source
    return None


def _concatenated(node: Node) -> str | None:
    """Two texts put together by a node; only where both stand there."""
    first, second, between = (node.inputs.get(k) for k in ("string_a", "string_b", "delimiter"))
    if not isinstance(first, str) or not isinstance(second, str):
        return None
    return f"{first}{between if isinstance(between, str) else ''}{second}"


def _words(graph: Graph, node: Node, key: str) -> str | None:
    """The words that condition a sampler. Several that were combined stand below each other."""
    found: list[str] = []
    waiting = [graph.link(node, key)]
    seen: set[tuple[str, int]] = set()
    for link in waiting:  # grows while it is walked
        source = graph.nodes.get(link[0]) if link else None
        if link is None or source is None or link in seen or len(seen) >= _FARTHEST:
            continue
        seen.add(link)
        if source.kind == "ConditioningZeroOut":
            continue  # it makes nothing of the words that lead into it
        word_key = next((each for each in _WORD_KEYS if each in source.inputs), None)
        if word_key is None:
            waiting.extend(_conditioning_links(graph, source, link[1]))
        elif text := plain.words(_text(graph, source, word_key)):
            found.append(text)
    return "\n".join(dict.fromkeys(found)) or None


def _conditioning_links(graph: Graph, node: Node, slot: int) -> Iterable[tuple[str, int] | None]:
    if "positive" in node.inputs and "negative" in node.inputs:
        # Passes both through: its first output is the one, its second the other.
        return [graph.link(node, "positive" if slot == 0 else "negative")]
    keys = [key for key in node.inputs if key.startswith("conditioning")]
    links = [graph.link(node, key) for key in keys or node.inputs]
    # Without a name that says so, only a single way on is a way on.
    return links if keys or sum(link is not None for link in links) == 1 else []


class _Model:
    """What was found on the way from a sampler up to the file of its model."""

    def __init__(self) -> None:
        self.name: str | None = None
        self.shift: float | None = None
        self.loras: list[Lora] = []


def _model(graph: Graph, node: Node | None) -> _Model:
    found = _Model()
    node = graph.at(node, "model")
    for _hop in range(_FARTHEST):
        if node is None:
            break
        _note_loras(found, node)
        if found.shift is None:
            found.shift = plain.shift(_number(graph, node, "shift"))
        name = next(
            (plain.file_name(node.inputs.get(key)) for key in _MODEL_KEYS if key in node.inputs),
            None,
        )
        if name:
            found.name = name
            break
        node = graph.at(node, "model") or _only_source(graph, node)
    found.loras.reverse()
    return found


def _only_source(graph: Graph, node: Node) -> Node | None:
    sources = list(graph.linked(node))
    return sources[0] if len(sources) == 1 else None


def _note_loras(found: _Model, node: Node) -> None:
    """One LoRA of a plain loader, or several that a stack lists as objects."""
    said = node.inputs
    listed = [
        (each.get("lora"), each.get("strength"))
        for each in said.values()
        if isinstance(each, dict) and each.get("on") is True
    ]
    listed.append((said.get("lora_name"), said.get("strength_model", said.get("strength"))))
    for name, weight in listed:
        known, heavy = plain.file_name(name), plain.weight(weight)
        if known and heavy is not None and len(found.loras) < _MOST_LORAS:
            found.loras.append(Lora(name=known, weight=heavy))


def _holder(graph: Graph, node: Node, key: str, wanted: str) -> Node | None:
    """The node up along `key` that has an input `wanted`."""
    following = graph.at(node, key)
    for _hop in range(_FARTHEST):
        if following is None or wanted in following.inputs:
            return following
        following = graph.at(following, key)
    return None


def _size(graph: Graph, sampler: Node) -> tuple[int | None, int | None]:
    latent = next(iter(graph.linked(sampler, _PICTURE_KEYS)), None)
    for _hop in range(_FARTHEST):
        if latent is None:
            break
        if "width" in latent.inputs and "height" in latent.inputs:
            width, height = (_number(graph, latent, key) for key in ("width", "height"))
            return plain.side(width), plain.side(height)
        latent = next(iter(graph.linked(latent, _PICTURE_KEYS)), None)
    return None, None


def _strength(graph: Graph, sampler: Node, sigmas: Node) -> float | None:
    """How much was made anew, where the sampler began with a picture that was loaded."""
    began_with = next(iter(graph.linked(sampler, _PICTURE_KEYS)), None)
    for _hop in range(_FARTHEST):
        if began_with is None or began_with.kind.startswith("LoadImage"):
            break
        began_with = next(iter(graph.linked(began_with, _PICTURE_KEYS)), None)
    if began_with is None or not began_with.kind.startswith("LoadImage"):
        return None
    return plain.share(_number(graph, sigmas, "denoise"))
