"""The smaller files that pages show instead of an original.

They are made from the picture that is already in memory, which saves decoding a PNG of megabytes,
and they say how the picture came to be but not from which words.
"""

from dataclasses import dataclass
from typing import Final

from PIL import Image

from assets.provenance.statement import Provenance
from assets.provenance.writing import encode_webp, in_simple_mode
from assets.provenance.xmp import packet_for


@dataclass(frozen=True, slots=True, kw_only=True)
class RenditionKind:
    """A kind of rendition: fits a square of `side` pixels, WebP of this `quality` (1 to 100)."""

    name: str
    side: int
    quality: int


THUMB: Final = RenditionKind(name="thumb", side=512, quality=80)
"""A card in the gallery."""

PREVIEW: Final = RenditionKind(name="preview", side=1280, quality=85)
"""The large view of a page."""

KINDS: Final = (THUMB, PREVIEW)


@dataclass(frozen=True, slots=True, kw_only=True)
class RenditionFile:
    """One finished rendition: its kind's name, the WebP file, and its size in pixels."""

    kind: str
    data: bytes
    width: int
    height: int
    extension: str = "webp"
    content_type: str = "image/webp"


def make_renditions(
    picture: Image.Image,
    provenance: Provenance,
    kinds: tuple[RenditionKind, ...] = KINDS,
) -> list[RenditionFile]:
    """One file of each kind, always, so that pages need no second path. Nothing is enlarged."""
    packet = packet_for(picture, provenance)
    return [_make(picture, packet, kind) for kind in kinds]


def _make(picture: Image.Image, packet: bytes, kind: RenditionKind) -> RenditionFile:
    small = in_simple_mode(picture).copy()
    small.thumbnail((kind.side, kind.side))
    return RenditionFile(
        kind=kind.name,
        data=encode_webp(small, packet, quality=kind.quality),
        width=small.width,
        height=small.height,
    )
