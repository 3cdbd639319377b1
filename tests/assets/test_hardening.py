import contextlib
import io
import random
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from assets.hardening import Limits, PictureRefused, Refusal, harden
from assets.provenance.writing import encode
from tests.assets.provenance.pictures import make_picture, make_provenance

LIMITS = Limits(most_bytes=20 * 1024 * 1024, most_pixels=25_000_000)


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def black_png(width: int, height: int, packed: bytes | None = None, extra: bytes = b"") -> bytes:
    """One bit a pixel; `packed` instead of the pixels, `extra` chunks before them."""
    if packed is None:
        packed = zlib.compress((b"\0" + b"\0" * (width // 8)) * height, 9)
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra + chunk(b"IDAT", packed)
        + chunk(b"IEND", b"")
    )  # fmt: skip


def saved(picture: Image.Image, picture_format: str, **options) -> bytes:
    file = io.BytesIO()
    picture.save(file, picture_format, **options)
    return file.getvalue()


RED = Image.new("RGB", (64, 64), "red")
PNG = saved(RED, "PNG")
TWO_FRAMES = {"save_all": True, "append_images": [Image.new("RGB", (64, 64), "blue")]}
INSIDE = len(b"\x89PNG\r\n\x1a\n") + 25  # right behind the header of a PNG
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 64 64\n%%EndComments\nshowpage\n"


def packed_text(megabytes: int) -> bytes:
    packer = zlib.compressobj(1)
    return b"".join(
        [packer.compress(b"A" * 1_000_000) for _each in range(megabytes)] + [packer.flush()]
    )


REFUSED = {
    "an svg": (lambda: SVG, Refusal.NOT_A_PICTURE),
    "a gif": (lambda: saved(RED, "GIF"), Refusal.NOT_A_PICTURE),
    "a bmp": (lambda: saved(RED, "BMP"), Refusal.NOT_A_PICTURE),
    "a tiff": (lambda: saved(RED, "TIFF"), Refusal.NOT_A_PICTURE),
    "an eps": (lambda: EPS, Refusal.NOT_A_PICTURE),
    "a pdf": (lambda: b"%PDF-1.7\n%..", Refusal.NOT_A_PICTURE),
    "a program": (lambda: b"MZ" + b"\0" * 500, Refusal.NOT_A_PICTURE),
    "nothing": (lambda: b"", Refusal.NOT_A_PICTURE),
    "noise": (lambda: random.Random(1).randbytes(1 << 20), Refusal.NOT_A_PICTURE),
    "an animated png": (lambda: saved(RED, "PNG", **TWO_FRAMES), Refusal.ANIMATED),
    "an animated webp": (lambda: saved(RED, "WEBP", **TWO_FRAMES), Refusal.ANIMATED),
    "60000 x 60000": (
        lambda: black_png(60_000, 60_000, zlib.compress(b"\0" * 1_000)), Refusal.TOO_LARGE),
    "just too many pixels": (lambda: black_png(5_008, 5_000), Refusal.TOO_LARGE),
    "a side too long": (lambda: black_png(16_392, 16), Refusal.TOO_LARGE),
    "a side too short": (lambda: black_png(8, 64), Refusal.TOO_SMALL),
    "no size at all": (lambda: black_png(0, 0, b""), Refusal.NOT_A_PICTURE),
    "text of 80 MB in few bytes": (
        lambda: black_png(64, 64, extra=chunk(b"zTXt", b"k\0\0" + packed_text(80))),
        Refusal.NOT_A_PICTURE),
    "a colour profile of 80 MB": (
        lambda: black_png(64, 64, extra=chunk(b"iCCP", b"k\0\0" + packed_text(80))),
        Refusal.NOT_A_PICTURE),
    "a cut png": (lambda: PNG[:-30], Refusal.DAMAGED),
    "a cut jpeg": (lambda: saved(make_picture(256, 256), "JPEG")[:-400], Refusal.DAMAGED),
    "a wrong checksum": (lambda: PNG[:29] + b"\0\0\0\0" + PNG[33:], Refusal.NOT_A_PICTURE),
    "too many bytes": (
        lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * (20 << 20), Refusal.TOO_MANY_BYTES),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_picture_for_us_is_refused_with_the_reason(what):
    make, reason = REFUSED[what]

    with pytest.raises(PictureRefused) as refused:
        harden(make(), LIMITS)

    assert refused.value.reason == reason


@pytest.mark.parametrize(
    "data",
    [
        PNG + b"PK\x03\x04" + b"evil" * 100,
        PNG + b"<script>evil()</script>",
        PNG[:INSIDE] + chunk(b"tEXt", b"Comment\0<?php evil(); ?>") + PNG[INSIDE:],
        PNG[:INSIDE] + chunk(b"evIl", b"evil") + PNG[INSIDE:],
        saved(RED, "JPEG") + b"evil",
        saved(RED, "WEBP") + b"evil",
    ],
)
def test_nothing_but_pixels_comes_over(data):
    hardened = harden(data, LIMITS)

    assert (hardened.picture.size, hardened.picture.mode) == ((64, 64), "RGB")
    assert hardened.picture.info == {}
    assert b"evil" not in saved(hardened.picture, "PNG")
    assert len(hardened.picture.getexif()) == 0


def test_a_picture_is_turned_upright_and_its_place_is_forgotten():
    exif = Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[1] = "N"
    data = saved(Image.new("RGB", (64, 32), "blue"), "JPEG", exif=exif)

    hardened = harden(data, LIMITS)

    assert hardened.picture.size == (32, 64)
    assert hardened.carried.has_position
    assert not hardened.keeps_original
    assert len(hardened.picture.getexif()) == 0


@pytest.mark.parametrize(
    ("mode", "expected"),
    [("L", "RGB"), ("1", "RGB"), ("P", "RGB"), ("I;16", "RGB"), ("LA", "RGBA"), ("RGBA", "RGBA")],
)
def test_every_kind_of_pixel_becomes_one_of_two(mode, expected):
    data = saved(Image.new(mode, (20, 20)), "PNG")

    assert harden(data, LIMITS).picture.mode == expected


def test_a_jpeg_in_the_colours_of_print_is_taken_over():
    assert harden(saved(Image.new("CMYK", (20, 20)), "JPEG"), LIMITS).picture.mode == "RGB"


def test_a_palette_with_a_hole_stays_transparent():
    picture = Image.new("P", (20, 20))
    picture.info["transparency"] = 0
    data = saved(picture, "PNG", transparency=0)

    assert harden(data, LIMITS).picture.getpixel((0, 0))[3] == 0


def test_the_first_of_a_cameras_pictures_is_taken():
    data = saved(RED, "MPO", **TWO_FRAMES)

    hardened = harden(data, LIMITS)

    assert hardened.format == "JPEG"
    assert hardened.picture.getpixel((5, 5))[0] > 200
    assert not hardened.keeps_original


def test_texts_behind_the_pixels_are_read_too():
    text = chunk(b"tEXt", b"parameters\0a fox")

    assert harden(PNG[:-12] + text + PNG[-12:], LIMITS).carried.texts["parameters"] == "a fox"


def signed_png() -> bytes:
    return PNG[:INSIDE] + chunk(b"caBX", b"signature") + PNG[INSIDE:]


def described(picture_format: str) -> bytes:
    exif = Image.Exif()
    exif[0x010E] = "a fox"
    return saved(RED, picture_format, exif=exif, icc_profile=b"profile")


def worded_png() -> bytes:
    chunks = PngInfo()
    chunks.add_text("parameters", "a fox", zip=True)
    return saved(RED, "PNG", pnginfo=chunks, dpi=(72, 72))


@pytest.mark.parametrize(
    "make",
    [
        lambda: PNG,
        signed_png,
        worded_png,
        lambda: described("JPEG"),
        lambda: described("WEBP"),
        lambda: saved(make_picture(300, 200), "JPEG", progressive=True, comment="mine"),
        lambda: saved(make_picture(300, 200), "JPEG", restart_marker_blocks=4),
        lambda: saved(make_picture(300, 200), "WEBP", lossless=True),
        lambda: saved(make_picture(300, 200).convert("RGBA"), "WEBP", quality=50),
        lambda: encode(make_picture(), make_provenance(), "PNG"),
        lambda: encode(make_picture(), make_provenance(), "JPEG"),
    ],
)
def test_a_file_of_known_parts_may_be_kept_as_it_came(make):
    assert harden(make(), LIMITS).keeps_original


@pytest.mark.parametrize(
    "data",
    [
        PNG + b"\0",
        PNG[:INSIDE] + chunk(b"prVt", b"secret") + PNG[INSIDE:],
        saved(RED, "JPEG") + b"\xff\xd9",
        saved(RED, "JPEG")[:2] + b"\xff\xed\0\x06evil" + saved(RED, "JPEG")[2:],
        saved(RED, "WEBP") + b"\0\0",
    ],
)
def test_a_file_that_holds_anything_else_is_not_kept(data):
    assert not harden(data, LIMITS).keeps_original


@pytest.fixture(scope="module")
def whole_files():
    return [
        *(encode(make_picture(), make_provenance(), each) for each in ("PNG", "JPEG", "WEBP")),
        described("JPEG"),
        worded_png(),
    ]


@pytest.mark.filterwarnings("ignore::UserWarning")
@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_damaged_files_are_taken_or_refused_but_never_crash(whole_files, data):
    damaged = bytearray(data.draw(st.sampled_from(whole_files)))
    for place, byte in data.draw(
        st.lists(st.tuples(st.integers(0, len(damaged) - 1), st.integers(0, 255)), max_size=8)
    ):
        damaged[place] = byte
    del damaged[data.draw(st.integers(0, len(damaged)) | st.just(len(damaged))) :]

    with contextlib.suppress(PictureRefused):
        harden(bytes(damaged), LIMITS)
