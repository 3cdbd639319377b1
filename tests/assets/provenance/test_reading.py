import contextlib
import io
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from assets.provenance.reading import UnreadablePictureError, read
from assets.provenance.writing import encode
from tests.assets.provenance.pictures import make_picture, make_provenance


@pytest.mark.parametrize(
    "data", [b"", b"GIF89a", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBP", b"\xff\xd8\xff"]
)
def test_what_is_no_picture_is_said_to_be_none(data):
    with pytest.raises(UnreadablePictureError):
        read(data)


def test_a_picture_that_claims_to_be_enormous_is_refused():
    file = io.BytesIO()
    make_picture().save(file, "PNG")
    header = struct.pack(">4sIIBBBBB", b"IHDR", 60_000, 60_000, 8, 2, 0, 0, 0)
    bomb = bytearray(file.getvalue())
    bomb[12:33] = header + struct.pack(">I", zlib.crc32(header))

    with pytest.raises(UnreadablePictureError):
        read(bytes(bomb))


def test_a_picture_without_provenance_has_none():
    file = io.BytesIO()
    make_picture().save(file, "PNG")

    found = read(file.getvalue())

    assert (found.infotext, dict(found.xmp), found.aigc, found.snapshot) == (None, {}, None, None)


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        (b"UNICODE\0" + "犬\nSteps: 8".encode("utf-16-le"), "犬\nSteps: 8"),
        (b"UNICODE\0" + "犬\nSteps: 8".encode("utf-16-be"), "犬\nSteps: 8"),
        (b"ASCII\0\0\0dog", "dog"),
        (b"", None),
        (b"JIS\0\0\0\0\0x", None),
    ],
)
def test_comments_of_other_writers_are_read(comment, expected):
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9286] = comment
    file = io.BytesIO()
    make_picture().save(file, "JPEG", exif=exif)

    assert read(file.getvalue()).infotext == expected


@pytest.mark.parametrize("text", ["[1]", "{", "7", "[" * 100_000])
def test_a_snapshot_that_is_none_is_not_believed(text):
    chunks = PngInfo()
    chunks.add_itxt("atelier", text)
    file = io.BytesIO()
    make_picture().save(file, "PNG", pnginfo=chunks)

    assert read(file.getvalue()).snapshot is None


@pytest.fixture(scope="module")
def whole_files():
    return [
        encode(make_picture(), make_provenance(), format_) for format_ in ("PNG", "JPEG", "WEBP")
    ]


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_damaged_files_are_read_or_refused_but_never_crash(whole_files, data):
    damaged = bytearray(data.draw(st.sampled_from(whole_files)))
    for place, byte in data.draw(
        st.lists(st.tuples(st.integers(0, len(damaged) - 1), st.integers(0, 255)), max_size=8)
    ):
        damaged[place] = byte
    del damaged[data.draw(st.integers(0, len(damaged))) :]

    with contextlib.suppress(UnreadablePictureError):
        read(bytes(damaged))
