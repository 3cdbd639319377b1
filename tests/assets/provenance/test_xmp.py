from dataclasses import replace
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.provenance.statement import ALGORITHMIC, TRAINED
from assets.provenance.xmp import packet_for, read_packet
from assets.snapshot import InputImage, Model, Origin
from tests.assets.provenance.pictures import make_picture, make_provenance
from tests.assets.snapshots import make_snapshot

OTHER_TOOL = """<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about="" xmlns:a="http://ns.adobe.com/xap/1.0/" a:CreatorTool="Brush 2"
    xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:own="urn:own"
    xmlns:label="http://www.tc260.org.cn/ns/AIGC/1.0/">
   <dc:subject><rdf:Bag><rdf:li>dog</rdf:li><rdf:li>grass</rdf:li></rdf:Bag></dc:subject>
   <own:deep><rdf:Description own:x="1"><own:y>2</own:y></rdf:Description></own:deep>
   <own:link rdf:resource="https://example.org/"/>
   <own:note>hello</own:note>
   <label:AIGC>{"Label":"2"}</label:AIGC>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""


def test_the_packet_has_exactly_these_properties():
    created_at = datetime(2025, 1, 5, 9, 30, tzinfo=UTC)

    found = read_packet(packet_for(make_picture(), make_provenance(created_at=created_at)))

    label = found.pop("TC260:AIGC")
    assert label.startswith('{"Label":"1","ContentProducer":"示例公司","ProduceID":"')
    assert found == {
        "Iptc4xmpExt:DigitalSourceType": TRAINED,
        "Iptc4xmpExt:AISystemUsed": "Z-Image-Turbo",
        "Iptc4xmpExt:AISystemVersionUsed": "2025-11",
        "xmp:CreatorTool": "Atelier 0.1.0",
        "xmp:CreateDate": "2025-01-05T09:30:00Z",
    }


def test_a_preview_names_no_ai_system_but_is_labelled():
    preview = replace(make_snapshot().engine, is_preview=True)

    found = read_packet(packet_for(make_picture(), make_provenance(engine=preview)))

    assert found["Iptc4xmpExt:DigitalSourceType"] == ALGORITHMIC
    assert found["xmp:CreatorTool"] == "Atelier 0.1.0 (preview)"
    assert "TC260:AIGC" in found
    assert not {"Iptc4xmpExt:AISystemUsed", "Iptc4xmpExt:AISystemVersionUsed"} & set(found)


def test_a_changed_photo_is_a_composite():
    photo = Origin(input_image=InputImage(id="1", uploaded=True), strength=0.4)

    found = read_packet(packet_for(make_picture(), make_provenance(origin=photo)))

    assert found["Iptc4xmpExt:DigitalSourceType"].endswith("/compositeWithTrainedAlgorithmicMedia")


def test_no_word_of_the_prompt_is_in_the_packet():
    packet = packet_for(make_picture(), make_provenance()).decode()

    assert "金毛犬" not in packet
    assert "低质量" not in packet


@given(st.text(min_size=1), st.text(min_size=1))
def test_the_packet_is_well_formed_whatever_names_are_in_it(name, revision):
    model = Model(name=name, revision=revision)

    packet = packet_for(make_picture(2, 2), make_provenance(model=model))

    ET.fromstring(packet.decode())
    assert packet.count(b"<TC260:AIGC>") == 1
    assert read_packet(packet)["TC260:AIGC"].startswith("{")


def test_packets_of_other_tools_are_read():
    assert read_packet(OTHER_TOOL) == {
        "xmp:CreatorTool": "Brush 2",
        "dc:subject": "dog; grass",
        "{urn:own}link": "https://example.org/",
        "{urn:own}note": "hello",
        "{urn:own}x": "1",
        "{urn:own}y": "2",
        "TC260:AIGC": '{"Label":"2"}',
    }


@pytest.mark.parametrize(
    "packet",
    [
        b"",
        b"<x",
        b"\0\0",
        b"<x/>",
        b"\xff\xfe<\0x\0/\0>\0",
        '<!DOCTYPE x [<!ENTITY a "aa">]><x>&a;</x>',
        OTHER_TOOL.replace("<x:xmpmeta", '<!DOCTYPE x SYSTEM "file:///etc/passwd"><x:xmpmeta'),
        OTHER_TOOL.replace("hello", "hello" * 200_000),
        "<a>" * 100_000,
    ],
)
def test_what_is_no_safe_packet_has_no_properties(packet):
    assert read_packet(packet) == {}


@given(st.binary() | st.text())
def test_reading_never_fails(packet):
    read_packet(packet)
