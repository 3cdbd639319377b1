"""A small picture and a provenance for the tests to vary."""

from typing import Any

from PIL import Image

from assets.provenance.statement import Provenance
from tests.assets.snapshots import make_snapshot

PRODUCE_ID = "7c9e6679-7425-40de-944b-e07fc1f90ae7"


def make_picture(width: int = 48, height: int = 32) -> Image.Image:
    """A gradient: every pixel differs from its neighbours."""
    down = Image.linear_gradient("L").resize((width, height))
    across = Image.linear_gradient("L").rotate(90).resize((width, height))
    return Image.merge("RGB", (down, across, Image.new("L", (width, height), 90)))


def make_provenance(*, integrity_key: bytes | None = None, **groups: Any) -> Provenance:
    """What the file of `make_snapshot(**groups)` says."""
    return Provenance(
        snapshot=make_snapshot(**groups),
        produce_id=PRODUCE_ID,
        producer="示例公司",
        creator_tool="Atelier 0.1.0",
        integrity_key=integrity_key,
    )
