"""ComfyUI's two ways to write a graph, as one: nodes by id, and links to where they come from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

MOST_NODES: Final = 5_000
MOST_INPUTS: Final = 500

Link = tuple[str, int]

# A drawn graph holds its widgets' values in a list. These are the nodes of the program itself whose
# order is known; "" stands for what is no input, such as what becomes of the seed afterwards.
_WIDGETS: Final[Mapping[str, tuple[str, ...]]] = {
    "KSampler": ("seed", "", "steps", "cfg", "sampler_name", "scheduler", "denoise"),
    "KSamplerAdvanced": (
        "add_noise", "noise_seed", "", "steps", "cfg", "sampler_name", "scheduler",
    ),
    "RandomNoise": ("noise_seed",),
    "KSamplerSelect": ("sampler_name",),
    "BasicScheduler": ("scheduler", "steps", "denoise"),
    "CFGGuider": ("cfg",),
    "CLIPTextEncode": ("text",),
    "PrimitiveString": ("value",),
    "PrimitiveStringMultiline": ("value",),
    "PrimitiveInt": ("value",),
    "PrimitiveFloat": ("value",),
    "CheckpointLoaderSimple": ("ckpt_name",),
    "UNETLoader": ("unet_name",),
    "UnetLoaderGGUF": ("unet_name",),
    "LoraLoader": ("lora_name", "strength_model"),
    "LoraLoaderModelOnly": ("lora_name", "strength_model"),
    "ModelSamplingAuraFlow": ("shift",),
    "ModelSamplingSD3": ("shift",),
    "EmptyLatentImage": ("width", "height"),
    "EmptySD3LatentImage": ("width", "height"),
}  # fmt: skip

_MUTED: Final = 2
_BYPASSED: Final = 4


@dataclass(frozen=True, slots=True)
class Node:
    """One node. An input is a plain value, or a list of two that links to another node's output."""

    id: str
    kind: str
    inputs: Mapping[str, Any]


class Graph:
    """The nodes, and how to get from one to those that feed it."""

    def __init__(self, nodes: Iterable[Node]) -> None:
        self.nodes = {node.id: node for node in nodes}

    def link(self, node: Node | None, key: str) -> Link | None:
        """The output that feeds an input; `None` where a value stands there, or nothing."""
        value = node.inputs.get(key) if node else None
        if not isinstance(value, list) or len(value) != 2:
            return None
        source, slot = value
        if not isinstance(source, str | int) or type(slot) is not int:
            return None
        return (str(source), slot) if str(source) in self.nodes else None

    def at(self, node: Node | None, key: str) -> Node | None:
        """The node that feeds an input."""
        link = self.link(node, key)
        return self.nodes[link[0]] if link else None

    def linked(self, node: Node, keys: Iterable[str] | None = None) -> Iterable[Node]:
        """The nodes that feed the inputs `keys`, or all of them."""
        for key in node.inputs if keys is None else keys:
            source = self.at(node, key)
            if source is not None:
                yield source

    def savers(self) -> tuple[Node, ...]:
        """The nodes that saved the picture or, where none did, those that showed it."""
        for mark in ("Save", "Preview"):
            found = tuple(
                node for node in self.nodes.values() if mark in node.kind and "Image" in node.kind
            )
            if found:
                return found
        return ()


def graph_of_prompt(data: Mapping[str, Any] | None) -> Graph | None:
    """The graph as it ran: `{"3": {"class_type": "KSampler", "inputs": {…}}}`."""
    if not data or len(data) > MOST_NODES:
        return None
    nodes = [
        Node(str(key), node["class_type"], node["inputs"])
        for key, node in data.items()
        if isinstance(node, dict)
        and isinstance(node.get("class_type"), str)
        and isinstance(node.get("inputs"), dict)
        and len(node["inputs"]) <= MOST_INPUTS
    ]
    return Graph(nodes) if nodes else None


def graph_of_workflow(data: Mapping[str, Any] | None) -> Graph | None:
    """The graph as it was drawn: lists of nodes and links, values by position."""
    drawn = data.get("nodes") if data else None
    if not data or not isinstance(drawn, list) or len(drawn) > MOST_NODES:
        return None
    links = _links(data.get("links"))
    nodes = [node for each in drawn if (node := _drawn_node(each, links))]
    return Graph(nodes) if nodes else None


def _links(listed: Any) -> dict[int, list[Any]]:
    """Links by number: `[number, from node, from output, to node, to input, type]`."""
    links: dict[int, list[Any]] = {}
    for each in listed[: MOST_NODES * 10] if isinstance(listed, list) else []:
        if isinstance(each, list) and len(each) >= 3 and type(each[0]) is int:
            links[each[0]] = each[1:3]
    return links


def _drawn_node(each: Any, links: Mapping[int, list[Any]]) -> Node | None:
    if not isinstance(each, dict) or each.get("mode") in (_MUTED, _BYPASSED):
        return None
    number, kind = each.get("id"), each.get("type")
    if not isinstance(number, str | int) or not isinstance(kind, str):
        return None
    values = each.get("widgets_values")
    placed = zip(_WIDGETS.get(kind, ()), values if isinstance(values, list) else (), strict=False)
    inputs: dict[str, Any] = {key: value for key, value in placed if key}
    listed = each.get("inputs")
    for plug in listed[:MOST_INPUTS] if isinstance(listed, list) else []:
        name, link = (plug.get("name"), plug.get("link")) if isinstance(plug, dict) else (None, 0)
        if isinstance(name, str) and type(link) is int and link in links:
            inputs[name] = links[link]
    return Node(str(number), kind, inputs)
