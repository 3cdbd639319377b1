import pytest

from assets.snapshot import Lora
from tests.assets.foreign.files import png_with, record_of

SAID = {
    "generation_mode": "img2img",
    "positive_prompt": "一只熊猫",
    "negative_prompt": "blurry",
    "width": 1024,
    "height": 768,
    "seed": 4055,
    "cfg_scale": 7.5,
    "steps": 30,
    "scheduler": "dpmpp_2m_k",
    "strength": 0.55,
    "app_version": "6.4.0",
    "model": {"key": "k", "name": "Juggernaut XL", "base": "sdxl", "hash": "blake3:" + "a" * 64},
    "loras": [{"model": {"name": "ink"}, "weight": 0.75}, {"weight": 1}, 7],
}


def test_the_metadata_of_today_is_read():
    found = record_of(png_with(invokeai_metadata=SAID))

    assert (found.tool, found.tool_version) == ("InvokeAI", "6.4.0")
    assert (found.prompt, found.negative_prompt) == ("一只熊猫", "blurry")
    assert (found.seed, found.steps, found.cfg) == (4055, 30, 7.5)
    assert (found.sampler, found.strength) == ("dpmpp_2m_k", 0.55)
    assert (found.asked_width, found.asked_height) == (1024, 768)
    assert (found.model_name, found.model_hash) == ("Juggernaut XL", None)
    assert found.loras == (Lora(name="ink", weight=0.75),)


def test_the_names_of_version_three_are_read():
    model = {"model_name": "sd-1.5", "base_model": "sd-1"}
    loras = [{"lora": {"model_name": "ink"}, "weight": 0.5}]
    found = record_of(png_with(invokeai_metadata={**SAID, "model": model, "loras": loras}))

    assert (found.model_name, found.loras) == ("sd-1.5", (Lora(name="ink", weight=0.5),))


def test_a_hash_of_the_kind_that_we_keep_is_kept():
    model = {"name": "z", "hash": "sha256:" + "AB" * 32}

    assert record_of(png_with(invokeai_metadata={**SAID, "model": model})).model_hash == "ab" * 32


def test_a_strength_counts_only_where_there_was_a_picture_to_begin_with():
    said = {**SAID, "generation_mode": "txt2img"}

    assert record_of(png_with(invokeai_metadata=said)).strength is None


@pytest.mark.parametrize(
    "prompt",
    ["a fox [ugly, blurry]", [{"prompt": "a fox", "weight": 1}, {"prompt": "[ugly, blurry]"}]],
)
def test_version_two_kept_the_negative_prompt_in_brackets(prompt):
    older = {
        "model_weights": "stable-diffusion-1.5",
        "app_version": "2.3.5",
        "image": {"prompt": prompt, "steps": 50, "cfg_scale": 7.5, "seed": 11, "sampler": "k_lms",
                  "width": 512, "height": 640, "type": "txt2img"},
    }  # fmt: skip
    found = record_of(png_with(**{"sd-metadata": older}))

    assert (found.prompt, found.negative_prompt) == ("a fox", "ugly, blurry")
    assert (found.seed, found.steps, found.cfg, found.sampler) == (11, 50, 7.5, "k_lms")
    assert (found.model_name, found.asked_height) == ("stable-diffusion-1.5", 640)


def test_the_command_line_of_the_first_version_is_read():
    line = '"a fox, "quoted" [ugly]" -s 50 -S 1234 -W 512 -H 640 -C 7.5 -A k_lms'
    found = record_of(png_with(Dream=line))

    assert (found.prompt, found.negative_prompt) == ('a fox, "quoted"', "ugly")
    assert (found.seed, found.steps, found.cfg, found.sampler) == (1234, 50, 7.5, "k_lms")
    assert (found.asked_width, found.asked_height) == (512, 640)


@pytest.mark.parametrize("said", [{"app_version": "6"}, {"seed": True}, [], "x", {"model": [[]]}])
def test_metadata_that_says_nothing_is_no_record(said):
    assert record_of(png_with(invokeai_metadata=said)) is None
