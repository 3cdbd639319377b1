import io
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from assets.provenance.aigc import KEYS, integrity_code
from assets.provenance.infotext import parse_infotext
from assets.provenance.reading import read
from assets.provenance.writing import encode
from assets.snapshot import MetadataSnapshot, Words
from tests.assets.provenance.pictures import PRODUCE_ID, make_picture, make_provenance

NASTY = {
    "plain": "a golden retriever on grass",
    "chinese": "一只金毛犬，坐在草地上",
    "emoji": "🐶🏽‍🦰 on 🌱",
    "crlf": "first line\r\nsecond line\rthird line",
    "nul": "a\0dog\0",
    "right_to_left": "כלב \u202eمرحبا\u202c",
    "steps_inside": "dog\nSteps: 99, Seed: 1, Size: 1x1, CFG scale: 7",
    "negative_inside": "dog\nNegative prompt: cat\nnegative PROMPT: bird",
    "quotes": '"it\'s" a \\"dog\\", \'yes\'',
    "8_kb": "草地" * 2_700,
    "xml": "<a>&amp;]]></a><?xpacket end='w'?><TC260:AIGC>",
    "empty": "",
    "only_spaces": " \n\t ",
    "latin": "Prärie, naïve, ½",
    "lone_surrogate": "dog \ud83d dog",
    "controls": "a\x01\x02\x7f\x85dog\u2028x\ufffe",
}
FORMATS = ["PNG", "JPEG", "WEBP"]


def kept(text: str) -> str:
    """The words as a `parameters` text can hold them, without any space and colon."""
    gone = {*range(0x20), *range(0x7F, 0xA0), *range(0xD800, 0xE000), ord(":")}
    return "".join(char for char in text if ord(char) not in gone and not char.isspace())


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("prompt", NASTY.values(), ids=NASTY.keys())
def test_nasty_words_come_back_from_every_format(prompt, format_):
    words = Words(prompt=prompt, final_prompt=None, negative_prompt=prompt[:50])
    provenance = make_provenance(words=words)

    found = read(encode(make_picture(), provenance, format_))

    assert found.infotext is not None
    parsed = parse_infotext(found.infotext)
    assert kept(parsed.prompt) == kept(prompt)
    assert kept(parsed.negative_prompt) == kept(prompt[:50])
    assert parsed.settings["Seed"] == "123456"
    assert parsed.settings["Size"] == "1024x1024"
    assert parsed.settings["Model"] == "Z-Image-Turbo"
    assert found.xmp["Iptc4xmpExt:AISystemUsed"] == "Z-Image-Turbo"
    assert found.aigc is not None
    assert tuple(found.aigc) == KEYS


@settings(max_examples=40, deadline=None)
@given(prompt=st.text(max_size=200), format_=st.sampled_from(FORMATS))
def test_any_words_come_back_from_every_format(prompt, format_):
    words = Words(prompt=prompt, final_prompt=None)

    found = read(encode(make_picture(4, 4), make_provenance(words=words), format_))

    assert kept(parse_infotext(found.infotext or "").prompt) == kept(prompt)
    if format_ == "PNG":
        inside = MetadataSnapshot.from_json(found.snapshot).words.prompt
        assert inside == prompt.replace("\0", "")


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("prompt", ["<TC260:AIGC> TC260:AIGC", "dog"])
def test_there_is_exactly_one_label_in_a_file(prompt, format_):
    words = Words(prompt=prompt, final_prompt=None)

    data = encode(make_picture(), make_provenance(words=words), format_)

    assert data.count(b"http://www.tc260.org.cn/ns/AIGC/1.0/") == 1
    assert data.count(b"&quot;ContentProducer&quot;") == 1
    assert data.count(b"ContentProducer") == 1


def test_a_png_is_exact_and_carries_the_whole_snapshot():
    provenance = make_provenance(integrity_key=b"secret")

    data = encode(make_picture(), provenance)

    found = read(data)
    with Image.open(io.BytesIO(data)) as reopened:
        assert reopened.tobytes() == make_picture().tobytes()
        code = integrity_code(reopened, PRODUCE_ID, b"secret")
    assert found.snapshot == provenance.snapshot.for_file()
    assert found.aigc is not None
    assert found.aigc["ReservedCode1"] == code
    assert len(code) == 64


@pytest.mark.parametrize("format_", ["JPEG", "WEBP"])
def test_shared_formats_carry_no_snapshot(format_):
    assert read(encode(make_picture(), make_provenance(), format_)).snapshot is None


@pytest.mark.parametrize(
    ("prompt", "chunk"), [("a dog", b"tEXtparameters\0"), ("犬", b"iTXtparameters\0")]
)
def test_a_png_uses_the_simplest_chunk_that_holds_the_text(prompt, chunk):
    words = Words(prompt=prompt, final_prompt=None)

    assert chunk in encode(make_picture(), make_provenance(words=words))


@pytest.mark.parametrize("format_", ["JPEG", "WEBP"])
def test_the_user_comment_is_of_the_type_that_exif_demands(format_):
    data = encode(make_picture(), make_provenance(), format_)

    assert data.count(struct.pack(">HH", 0x9286, 7)) == 1
    assert b"UNICODE\0\x4e\x00" in data  # 一, big-endian


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "P", "1"])
def test_pictures_of_every_mode_are_written(mode, format_):
    data = encode(make_picture().convert(mode), make_provenance(), format_)

    with Image.open(io.BytesIO(data)) as reopened:
        assert reopened.format == format_
        assert reopened.size == (48, 32)


def test_metadata_that_a_picture_was_opened_with_is_not_passed_on():
    file = io.BytesIO()
    make_picture().save(file, "JPEG", exif=b"Exif\0\0GPS-secret", comment=b"secret", xmp=b"secret")
    uploaded = Image.open(io.BytesIO(file.getvalue()))

    for format_ in FORMATS:
        assert b"secret" not in encode(uploaded, make_provenance(), format_)
