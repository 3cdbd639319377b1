"""The implicit label that GB 45438-2025 asks for in every generated picture: `TC260:AIGC`.

JSON with seven keys whose values are all strings, exactly once per file. The keys about propagation
are for whoever publishes the picture later and stay empty here. A preview carries the label too:
it stands in for a generated picture, and saying too much is the harmless mistake.
"""

import hashlib
import hmac
import json
from typing import Final

from PIL import Image

from assets.provenance.statement import Provenance

AIGC_NAMESPACE: Final = "http://www.tc260.org.cn/ns/AIGC/1.0/"

KEYS: Final = (
    "Label",
    "ContentProducer",
    "ProduceID",
    "ReservedCode1",
    "ContentPropagator",
    "PropagateID",
    "ReservedCode2",
)

_IS_GENERATED: Final = "1"


def label_for(picture: Image.Image, provenance: Provenance) -> dict[str, str] | None:
    """The seven fields for a picture, in the order of the standard.

    An imported picture keeps the label that it came with. Without one it gets a label where a tool
    is known to have made it, which names this service as the one that passes it on; where nobody
    can say how it was made there is no label, and `None` is returned.
    """
    imported = provenance.snapshot.origin.imported
    if imported is not None:
        if imported.label:
            return {key: imported.label.get(key, "") for key in KEYS}
        return None if imported.tool is None else _passed_on(provenance)
    key = provenance.integrity_key
    return {
        "Label": _IS_GENERATED,
        "ContentProducer": provenance.producer,
        "ProduceID": provenance.produce_id,
        "ReservedCode1": integrity_code(picture, provenance.produce_id, key) if key else "",
        "ContentPropagator": "",
        "PropagateID": "",
        "ReservedCode2": "",
    }


def _passed_on(provenance: Provenance) -> dict[str, str]:
    said = {
        "Label": _IS_GENERATED,
        "ContentPropagator": provenance.producer,
        "PropagateID": provenance.produce_id,
    }
    return {key: said.get(key, "") for key in KEYS}


def integrity_code(picture: Image.Image, produce_id: str, key: bytes) -> str:
    """HMAC-SHA256, in hexadecimal, over `<produce_id>|<pixel hash>`.

    Lossless files can be checked from their own pixels; the label of a JPEG, a WebP or a rendition
    holds the code of the original it was made from.
    """
    message = f"{produce_id}|{pixel_sha256(picture)}".encode()
    return hmac.new(key, message, hashlib.sha256).hexdigest()


def pixel_sha256(picture: Image.Image) -> str:
    """SHA-256 of the pixels as 8-bit RGB, row by row, after a line with width and height."""
    pixels = hashlib.sha256(f"RGB {picture.width}x{picture.height}\n".encode())
    pixels.update(picture.convert("RGB").tobytes())
    return pixels.hexdigest()


def to_text(label: dict[str, str]) -> str:
    """The label as the JSON text that goes into the file."""
    return json.dumps(label, ensure_ascii=False, separators=(",", ":"))


def from_text(text: str) -> dict[str, str] | None:
    """Read a label, from whichever producer; `None` when the text is not one."""
    try:
        label = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(label, dict) or not isinstance(label.get("Label"), str):
        return None
    return {key: value for key, value in label.items() if isinstance(value, str)}
