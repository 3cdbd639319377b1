"""The XMP packet: how the picture came to be, in the words of IPTC, XMP and TC260.

No prompt is ever in it: renditions and shared copies carry the packet, and words can be
confidential.
"""

import re
from collections.abc import Mapping
from typing import Final
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

from PIL import Image

from assets.provenance import aigc
from assets.provenance.statement import Provenance

NAMESPACES: Final[Mapping[str, str]] = {
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
    "TC260": aigc.AIGC_NAMESPACE,
    "dc": "http://purl.org/dc/elements/1.1/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "xmpMM": "http://ns.adobe.com/xap/1.0/mm/",
}
"""Prefixes as this program writes and names them; files may use others for the same namespaces."""

LONGEST_PACKET: Final = 1_000_000
"""Characters. A longer packet is not read."""

_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_PREFIXES: Final = {uri: prefix for prefix, uri in NAMESPACES.items()}
_NOT_XML = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def packet_for(picture: Image.Image, provenance: Provenance) -> bytes:
    """The XMP packet, UTF-8, for the original and every file made from it.

    A preview names no AI system, because none was used, and says so in its tool's name.
    """
    preview = provenance.snapshot.engine.is_preview
    version = provenance.model_version
    source_type = provenance.digital_source_type
    label = aigc.label_for(picture, provenance)
    properties = {
        "xmp:CreatorTool": provenance.made_with + (" (preview)" if preview else ""),
        "xmp:CreateDate": provenance.snapshot.created_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    if source_type:
        properties["Iptc4xmpExt:DigitalSourceType"] = source_type
    if label:
        properties["TC260:AIGC"] = aigc.to_text(label)
    if not preview and provenance.model_name:
        properties["Iptc4xmpExt:AISystemUsed"] = provenance.model_name
    if version:
        properties["Iptc4xmpExt:AISystemVersionUsed"] = version
    used = sorted({name.partition(":")[0] for name in properties})
    declared = "".join(f'\n    xmlns:{prefix}="{NAMESPACES[prefix]}"' for prefix in used)
    written = "".join(f"   <{name}>{_text(value)}</{name}>\n" for name, value in properties.items())
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">\n'
        f' <rdf:RDF xmlns:rdf="{_RDF}">\n'
        f'  <rdf:Description rdf:about=""{declared}>\n'
        f"{written}"
        "  </rdf:Description>\n"
        " </rdf:RDF>\n"
        "</x:xmpmeta>\n"
        '<?xpacket end="w"?>'
    ).encode()


def read_packet(packet: bytes | str) -> dict[str, str]:
    """The simple properties of a packet, from whichever program; empty when there are none.

    Keys are `prefix:name` for the namespaces above and `{uri}name` for others. Lists are joined
    with `; `, structures are left out. A packet with a document type is refused unread: it is
    never needed, and entities can be made to explode.
    """
    text = packet.decode("utf-8", "replace") if isinstance(packet, bytes) else packet
    text = text.strip("\ufeff\0 \t\r\n")
    if len(text) > LONGEST_PACKET or "<!DOCTYPE" in text or "<!ENTITY" in text:
        return {}
    try:
        root = ET.fromstring(text)  # noqa: S314 - without a document type there are no entities
    except ET.ParseError:
        return {}
    found: dict[str, str] = {}
    for description in root.iter(f"{{{_RDF}}}Description"):
        for tag, value in description.attrib.items():
            if not tag.startswith(f"{{{_RDF}}}"):
                found[_name(tag)] = value
        for element in description:
            text_found = _element_text(element)
            if text_found is not None:
                found[_name(element.tag)] = text_found
    return found


def _text(value: str) -> str:
    return escape(_NOT_XML.sub(" ", value), {'"': "&quot;"})


def _name(tag: str) -> str:
    uri, _, name = tag.removeprefix("{").partition("}")
    return f"{_PREFIXES[uri]}:{name}" if uri in _PREFIXES else tag


def _element_text(element: ET.Element) -> str | None:
    resource = element.get(f"{{{_RDF}}}resource")
    if resource is not None:
        return resource
    items = [item.text or "" for item in element.iter(f"{{{_RDF}}}li") if len(item) == 0]
    if items:
        return "; ".join(items)
    return None if len(element) else (element.text or "")
