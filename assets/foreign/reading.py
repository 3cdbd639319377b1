"""Read what a file says, whichever of the known tools wrote it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from assets.foreign import a1111, atelier, comfyui, invokeai, swarmui
from assets.foreign.carried import Carried
from assets.foreign.record import ForeignRecord

# From the most telling to the least. A `parameters` text beside a graph was written by a node that
# somebody put there to say how the picture was made, so it goes before the graph.
READERS: Final[tuple[Callable[[Carried], ForeignRecord | None], ...]] = (
    atelier.read,
    swarmui.read,
    invokeai.read,
    a1111.read,
    comfyui.read,
)


def read_record(carried: Carried) -> ForeignRecord | None:
    """The record of the first tool that finds its own; `None` when the file says nothing."""
    return next((found for reader in READERS if (found := reader(carried))), None)
