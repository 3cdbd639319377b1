import pytest

from assets.provenance.writing import encode
from assets.snapshot import Lora
from tests.assets.foreign.files import carried_of, commented, png_with, record_of
from tests.assets.provenance.pictures import make_picture, make_provenance

TEXT = (
    "一只熊猫, (bamboo:1.2) <lora:ink_wash:0.8>\nsecond line\n"
    "Negative prompt: blurry, ugly\n"
    "Steps: 20, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 7.5, Seed: 12345, "
    'Size: 512x768, Model hash: ABC123DEF0, Model: "folder, one/dream_8.safetensors", '
    "Denoising strength: 0.4, Version: v1.10.1"
)


@pytest.mark.parametrize("write", [lambda text: png_with(parameters=text), commented])
def test_the_text_is_read_from_png_and_from_exif(write):
    found = record_of(write(TEXT))

    assert found.tool == "A1111"
    assert found.tool_version == "v1.10.1"
    assert found.prompt == "一只熊猫, (bamboo:1.2) <lora:ink_wash:0.8>\nsecond line"
    assert found.negative_prompt == "blurry, ugly"
    assert (found.seed, found.steps, found.cfg) == (12345, 20, 7.5)
    assert (found.sampler, found.schedule) == ("DPM++ 2M", "Karras")
    assert (found.asked_width, found.asked_height) == (512, 768)
    assert (found.model_name, found.model_hash) == ("dream_8", "abc123def0")
    assert found.strength == 0.4
    assert found.loras == (Lora(name="ink_wash", weight=0.8),)


def test_a_pass_that_only_enlarges_is_no_picture_to_begin_with():
    assert record_of(png_with(parameters=TEXT + ", Hires upscale: 2")).strength is None


def test_words_without_settings_are_a_prompt_only_where_a_tool_put_them():
    assert record_of(png_with(parameters="a fox in the snow")).prompt == "a fox in the snow"
    assert record_of(commented("Holiday 2019, Lisbon")) is None


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("Steps: -4, CFG scale: 1, Size: 8x8", "steps"),
        ("Steps: 8, CFG scale: 1, Seed: -1", "seed"),
        ("Steps: 8, CFG scale: nan, Seed: 1", "cfg"),
        ("Steps: 8, CFG scale: 1e999, Seed: 1", "cfg"),
        ("Steps: 8, CFG scale: 1, Size: 0x99999999", "asked_width"),
        ("Steps: 8, CFG scale: 1, Model hash: ../../etc/passwd", "model_hash"),
    ],
)
def test_numbers_that_cannot_be_stay_unknown(line, field):
    assert getattr(record_of(png_with(parameters=f"a fox\n{line}")), field) is None


@pytest.mark.parametrize("picture_format", ["JPEG", "WEBP"])
def test_our_own_copies_in_other_formats_come_home(picture_format):
    found = record_of(encode(make_picture(), make_provenance(), picture_format))

    assert (found.tool, found.tool_version) == ("Atelier", "0.1.0")
    assert found.prompt == "一只金毛犬，坐在草地上, soft light"
    assert (found.seed, found.steps, found.cfg, found.sigma_shift) == (123456, 8, 1.0, 3.0)
    assert (found.model_name, found.model_hash) == ("Z-Image-Turbo", "a1" * 5)
    assert found.loras == (Lora(name="watercolour", weight=0.8),)
    assert found.snapshot is None


def test_our_own_copies_in_other_formats_keep_the_moment_they_were_made():
    data = encode(make_picture(), make_provenance(), "WEBP")

    assert carried_of(data).taken_at.isoformat() == "2025-01-05T09:30:00+00:00"
