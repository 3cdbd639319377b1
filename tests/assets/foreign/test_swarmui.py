import json

import pytest
from PIL import Image

from assets.snapshot import Lora
from tests.assets.foreign.files import commented, jpeg_with, png_with, record_of

SAID = {
    "sui_image_params": {
        "prompt": "一只熊猫",
        "negativeprompt": "",
        "model": "Z-Image/z_image_turbo_bf16.safetensors",
        "seed": 18446744073709551615,
        "steps": 8,
        "cfgscale": 1.0,
        "sigmashift": "3",
        "width": 1024,
        "height": 768,
        "comfyuisampler": "euler",
        "comfyuischeduler": "simple",
        "loras": ["styles/ink", "broken"],
        "loraweights": ["0.75", "much"],
        "initimagecreativity": 0.6,
        "swarm_version": "0.9.7.0",
    },
    "sui_extra_data": {"date": "2025-11-30"},
}


def little_endian(data: dict) -> bytes:
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9286] = b"UNICODE\0" + json.dumps(data).encode("utf-16-le")
    return jpeg_with(exif, "WEBP")


@pytest.mark.parametrize(
    "data", [png_with(parameters=SAID), commented(json.dumps(SAID)), little_endian(SAID)]
)
def test_the_object_is_read_from_png_and_from_exif(data):
    found = record_of(data)

    assert (found.tool, found.tool_version) == ("SwarmUI", "0.9.7.0")
    assert (found.prompt, found.negative_prompt) == ("一只熊猫", None)
    assert (found.seed, found.steps, found.cfg) == (2**64 - 1, 8, 1.0)
    assert (found.sampler, found.schedule, found.sigma_shift) == ("euler", "simple", 3.0)
    assert (found.asked_width, found.asked_height) == (1024, 768)
    assert found.model_name == "z_image_turbo_bf16"
    assert found.loras == (Lora(name="ink", weight=0.75),)
    assert found.strength is None


def test_creativity_counts_where_there_was_a_picture_to_begin_with():
    said = {**SAID["sui_image_params"], "initimage": "inputs/1.png"}

    assert record_of(png_with(parameters={"sui_image_params": said})).strength == 0.6


@pytest.mark.parametrize("said", [[], 7, "x", {}, None])
def test_an_object_of_another_shape_is_nobodys(said):
    assert record_of(png_with(parameters={"sui_image_params": said})) is None
