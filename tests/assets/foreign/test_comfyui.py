import json

import pytest
from PIL import Image

from assets.snapshot import Lora
from tests.assets.foreign.files import jpeg_with, png_with, record_of


def node(kind, **inputs):
    return {"class_type": kind, "inputs": inputs}


def plain_graph():
    """What the program's own template makes: one checkpoint, one sampler."""
    return {
        "3": node(
            "KSampler", seed=156680208700286, steps=20, cfg=8, sampler_name="euler",
            scheduler="normal", denoise=1, model=["4", 0], positive=["6", 0], negative=["7", 0],
            latent_image=["5", 0],
        ),
        "4": node("CheckpointLoaderSimple", ckpt_name="sdxl\\dream_8.safetensors"),
        "5": node("EmptyLatentImage", width=1024, height=768, batch_size=1),
        "6": node("CLIPTextEncode", text="一只熊猫", clip=["4", 1]),
        "7": node("CLIPTextEncode", text="text, watermark", clip=["4", 1]),
        "8": node("VAEDecode", samples=["3", 0], vae=["4", 2]),
        "9": node("SaveImage", filename_prefix="ComfyUI", images=["8", 0]),
    }  # fmt: skip


def z_image_graph():
    """Z-Image-Turbo with two LoRAs; the words come from a node of their own."""
    return {
        "57:30": node("CLIPLoader", clip_name="qwen_3_4b.safetensors", type="lumina2"),
        "57:27": node("CLIPTextEncode", text=["58", 0], clip=["57:30", 0]),
        "57:33": node("ConditioningZeroOut", conditioning=["57:27", 0]),
        "57:13": node("EmptySD3LatentImage", width=["60", 0], height=1536, batch_size=1),
        "57:28": node("UNETLoader", unet_name="z_image_turbo_bf16.safetensors"),
        "57:40": node("LoraLoaderModelOnly", lora_name="ink.safetensors", strength_model=0.8,
                      model=["57:28", 0]),
        "57:41": node("Power Lora Loader (rgthree)", model=["57:40", 0],
                      lora_1={"on": True, "lora": "glow.safetensors", "strength": 0.3},
                      lora_2={"on": False, "lora": "off.safetensors", "strength": 1}),
        "57:11": node("ModelSamplingAuraFlow", shift=3, model=["57:41", 0]),
        "57:3": node("KSampler", seed=["59", 0], steps=8, cfg=1, sampler_name="res_multistep",
                     scheduler="simple", denoise=1, model=["57:11", 0], positive=["57:27", 0],
                     negative=["57:33", 0], latent_image=["57:13", 0]),
        "57:8": node("VAEDecode", samples=["57:3", 0], vae=["57:29", 0]),
        "9": node("SaveImage", images=["57:8", 0]),
        "58": node("PrimitiveStringMultiline", value="一只熊猫"),
        "59": node("Seed (rgthree)", seed=42),
        "60": node("PrimitiveInt", value=1024),
    }  # fmt: skip


def custom_graph():
    """The sampler in parts, as for Flux, and a second pass that enlarges."""
    return {
        "1": node("UNETLoader", unet_name="flux1-dev.safetensors"),
        "2": node("CLIPTextEncode", text="a fox", clip=["99", 0]),
        "3": node("FluxGuidance", guidance=3.5, conditioning=["2", 0]),
        "4": node("BasicGuider", model=["1", 0], conditioning=["3", 0]),
        "5": node("RandomNoise", noise_seed=7),
        "6": node("KSamplerSelect", sampler_name="euler"),
        "7": node("BasicScheduler", scheduler="simple", steps=20, denoise=1, model=["1", 0]),
        "8": node("EmptySD3LatentImage", width=1024, height=1024),
        "10": node("SamplerCustomAdvanced", noise=["5", 0], guider=["4", 0], sampler=["6", 0],
                   sigmas=["7", 0], latent_image=["8", 0]),
        "11": node("LatentUpscaleBy", samples=["10", 0], scale_by=1.5),
        "12": node("KSampler", seed=8, steps=10, cfg=2, sampler_name="dpmpp_2m",
                   scheduler="karras", denoise=0.5, model=["1", 0], positive=["2", 0],
                   negative=["2", 0], latent_image=["11", 0]),
        "13": node("VAEDecode", samples=["12", 0]),
        "14": node("SaveImage", images=["13", 0]),
    }  # fmt: skip


def test_the_plain_graph_is_followed():
    found = record_of(png_with(prompt=plain_graph(), workflow={}))

    assert found.tool == "ComfyUI"
    assert (found.prompt, found.negative_prompt) == ("一只熊猫", "text, watermark")
    assert (found.seed, found.steps, found.cfg) == (156680208700286, 20, 8.0)
    assert (found.sampler, found.schedule) == ("euler", "normal")
    assert (found.asked_width, found.asked_height) == (1024, 768)
    assert (found.model_name, found.strength, found.loras) == ("dream_8", None, ())


def test_values_are_followed_into_nodes_that_hold_them():
    found = record_of(png_with(prompt=z_image_graph()))

    assert (found.prompt, found.negative_prompt) == ("一只熊猫", None)
    assert (found.seed, found.steps, found.cfg, found.sigma_shift) == (42, 8, 1.0, 3.0)
    assert (found.asked_width, found.asked_height) == (1024, 1536)
    assert found.model_name == "z_image_turbo_bf16"
    assert found.loras == (Lora(name="ink", weight=0.8), Lora(name="glow", weight=0.3))


def test_the_pass_that_the_picture_began_with_counts():
    found = record_of(png_with(prompt=custom_graph()))

    assert (found.prompt, found.negative_prompt) == ("a fox", None)
    assert (found.seed, found.steps, found.cfg) == (7, 20, None)
    assert (found.sampler, found.schedule) == ("euler", "simple")
    assert (found.model_name, found.asked_width) == ("flux1-dev", 1024)


def test_a_picture_that_was_loaded_to_begin_with_gives_the_strength():
    graph = plain_graph()
    graph["5"] = node("VAEEncode", pixels=["15", 0])
    graph["15"] = node("ImageScale", image=["16", 0], width=640, height=480)
    graph["16"] = node("LoadImage", image="me.png")
    graph["3"]["inputs"]["denoise"] = 0.6

    found = record_of(png_with(prompt=graph))

    assert (found.strength, found.asked_width) == (0.6, 640)


def test_words_are_followed_through_what_changes_both_sides():
    graph = plain_graph()
    graph["20"] = node("ControlNetApplyAdvanced", positive=["6", 0], negative=["7", 0])
    graph["3"]["inputs"] |= {"positive": ["20", 0], "negative": ["20", 1]}

    found = record_of(png_with(prompt=graph))

    assert (found.prompt, found.negative_prompt) == ("一只熊猫", "text, watermark")


def test_words_that_were_combined_stand_below_each_other():
    graph = plain_graph()
    graph["20"] = node("ConditioningCombine", conditioning_1=["6", 0], conditioning_2=["21", 0])
    graph["21"] = node("CLIPTextEncode", text=["22", 0])
    graph["22"] = node("StringConcatenate", string_a="in", string_b="snow", delimiter=" ")
    graph["3"]["inputs"]["positive"] = ["20", 0]

    assert record_of(png_with(prompt=graph)).prompt == "一只熊猫\nin snow"


def test_what_unknown_nodes_hold_stays_unknown():
    graph = plain_graph()
    graph["6"] = node("CLIPTextEncode", text=["30", 0])
    graph["30"] = node("OllamaGenerate", temperature=0.5)

    found = record_of(png_with(prompt=graph))

    assert (found.prompt, found.negative_prompt) == (None, "text, watermark")


DRAWN = {
    "nodes": [
        {"id": 3, "type": "KSampler", "mode": 0,
         "widgets_values": [11, "randomize", 20, 8, "euler", "normal", 1],
         "inputs": [{"name": "model", "link": 1}, {"name": "positive", "link": 4},
                    {"name": "negative", "link": 6}, {"name": "latent_image", "link": 2}]},
        {"id": 4, "type": "CheckpointLoaderSimple", "widgets_values": ["dream_8.ckpt"]},
        {"id": 5, "type": "EmptyLatentImage", "widgets_values": [512, 768, 1]},
        {"id": 6, "type": "CLIPTextEncode", "widgets_values": ["a fox"], "inputs": []},
        {"id": 7, "type": "CLIPTextEncode", "widgets_values": ["ugly"], "inputs": None},
        {"id": 8, "type": "VAEDecode", "inputs": [{"name": "samples", "link": 7}]},
        {"id": 9, "type": "SaveImage", "inputs": [{"name": "images", "link": 9}]},
        "nonsense", {"id": 10}, {"id": 12, "type": "Note", "widgets_values": {"a": 1}},
    ],
    "links": [[1, 4, 0, 3, 0, "MODEL"], [2, 5, 0, 3, 3, "LATENT"], [4, 6, 0, 3, 1, "C"],
              [6, 7, 0, 3, 2, "C"], [7, 3, 0, 8, 0, "LATENT"], [9, 8, 0, 9, 0, "IMAGE"], 7],
}  # fmt: skip


def test_a_graph_that_is_only_drawn_is_followed_too():
    found = record_of(png_with(workflow=DRAWN))

    assert (found.prompt, found.negative_prompt) == ("a fox", "ugly")
    assert (found.seed, found.steps, found.cfg, found.sampler) == (11, 20, 8.0, "euler")
    assert (found.model_name, found.asked_height) == ("dream_8", 768)


@pytest.mark.parametrize("picture_format", ["JPEG", "WEBP"])
def test_graphs_in_exif_are_found_behind_their_mark(picture_format):
    exif = Image.Exif()
    exif[0x0110] = "prompt:" + json.dumps(plain_graph())
    exif[0x010F] = "workflow:{}"

    assert record_of(jpeg_with(exif, picture_format)).prompt == "一只熊猫"


def test_a_chain_of_thousands_of_samplers_ends():
    chain = {
        str(place): node(
            "KSampler", seed=place, positive=["p", 0], latent_image=[str(place + 1), 0]
        )
        for place in range(4_000)
    }
    chain["p"] = node("CLIPTextEncode", text="a fox")
    chain["4000"] = node("EmptyLatentImage", width=64, height=64)

    assert record_of(png_with(prompt=chain)).prompt == "a fox"


def test_a_ring_of_nodes_ends():
    ring = {
        "1": node("KSampler", seed=["2", 0], positive=["2", 0], latent_image=["1", 0],
                  model=["2", 0], sigmas=["2", 0]),
        "2": node("Reroute", value=["2", 0], positive=["2", 0], model=["2", 0], sigmas=["2", 0]),
        "3": node("SaveImage", images=["1", 0]),
    }  # fmt: skip

    assert record_of(png_with(prompt=ring)).seed is None


def test_more_nodes_than_anybody_draws_are_not_followed():
    graph = {str(number): node("Note") for number in range(5_001)} | plain_graph()

    assert record_of(png_with(prompt=graph)) is None
