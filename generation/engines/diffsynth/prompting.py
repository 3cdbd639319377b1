"""Prompts that were read before: what the text encoder made of them is kept and used again.

Several pictures of one prompt are the rule. With all weights on the GPU this saves a hundredth
of the work; where the weights rest in main memory it saves moving the encoder's seven gigabytes.
What is kept is the same to the last bit, so pictures are as well.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any

KEPT_PROMPTS = 8
"""A picture needs one or two. One takes up to 2.6 MB of main memory."""


def do_nothing() -> None:
    """For nobody who wants to hear."""


class PromptMemory:
    """The last few encoded prompts, in main memory. Lives longer than the pipelines it serves.

    `hits` and `misses` count since it was made; `on_hit` is called for each hit.
    """

    def __init__(self, size: int = KEPT_PROMPTS) -> None:
        self.hits = 0
        self.misses = 0
        self.on_hit: Callable[[], None] = do_nothing
        self._size = size
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: Hashable, device: Any, encode: Callable[[], Any]) -> Any:
        """What was kept for `key`, as a fresh copy on `device`, or else what `encode` gives."""
        if key in self._kept:
            self._kept.move_to_end(key)
            self.hits += 1
            self.on_hit()
            return _copied(self._kept[key], device)
        made = encode()
        self.misses += 1
        self._kept[key] = _copied(made, "cpu")
        if len(self._kept) > self._size:
            self._kept.popitem(last=False)
        return made

    def forget(self) -> None:
        """Keep nothing any more."""
        self._kept.clear()


class RememberingUnit:
    """Stands in for the pipeline's unit that encodes prompts, and asks it only for new ones."""

    def __init__(self, unit: Any, memory: PromptMemory, encoder: Hashable) -> None:
        self._unit = unit
        self._memory = memory
        self._encoder = encoder

    def __getattr__(self, name: str) -> Any:
        return getattr(self._unit, name)

    def process(self, pipe: Any, prompt: str, edit_image: Any) -> dict[str, Any]:
        """As the unit itself. The kinds of transformer want prompts put differently, and the
        number of images to edit is written into the text."""
        images = len(edit_image) if isinstance(edit_image, list) else int(edit_image is not None)
        reads_images = pipe.dit.siglip_embedder is not None
        return {
            "prompt_embeds": self._memory.get(
                (self._encoder, reads_images, images, prompt),
                pipe.device,
                lambda: self._unit.process(pipe, prompt, edit_image)["prompt_embeds"],
            )
        }


def remember_prompts(pipeline: Any, memory: PromptMemory, encoder: Hashable) -> None:
    """Let `pipeline` use `memory`. `encoder` identifies everything else that words go through:
    text encoder, tokenizer, load mode."""
    from diffsynth.pipelines.z_image import ZImageUnit_PromptEmbedder

    pipeline.units = [
        RememberingUnit(unit, memory, encoder)
        if isinstance(unit, ZImageUnit_PromptEmbedder)
        else unit
        for unit in pipeline.units
    ]


def _copied(embeddings: Any, device: Any) -> Any:
    """A copy of a tensor, or of lists of them, that shares no memory with the original."""
    if isinstance(embeddings, list):
        return [_copied(item, device) for item in embeddings]
    return embeddings.detach().to(device, copy=True)
