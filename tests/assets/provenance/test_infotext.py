from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.provenance.infotext import (
    LONGEST_NEGATIVE,
    LONGEST_PROMPT,
    Infotext,
    infotext,
    parse_infotext,
)
from assets.snapshot import Model, Origin, Words
from tests.assets.provenance.pictures import make_provenance
from tests.assets.snapshots import make_snapshot


def words(prompt: str, negative: str | None = None) -> Words:
    return Words(prompt=prompt, final_prompt=None, negative_prompt=negative)


def test_the_text_is_the_one_other_tools_expect():
    model = Model(name="Z-Image-Turbo", main_hash="abcdef1234567890")
    provenance = make_provenance(
        words=words("一只金毛犬，坐在草地上", "低质量，模糊"), model=model, origin=Origin()
    )

    assert infotext(provenance) == (
        "一只金毛犬，坐在草地上\n"
        "Negative prompt: 低质量，模糊\n"
        "Steps: 8, Sampler: Euler, CFG scale: 1, Shift: 3, Seed: 123456, Size: 1024x1024, "
        "Model hash: abcdef1234, Model: Z-Image-Turbo, Version: Atelier 0.1.0"
    )


def test_what_reached_the_model_is_what_the_text_says():
    filled = Words(prompt="{主体}", final_prompt="金毛犬")

    assert parse_infotext(infotext(make_provenance(words=filled))).prompt == "金毛犬"


def test_what_is_not_known_is_left_out():
    picture = replace(make_snapshot().picture, sampler=None, sigma_shift=None, seed=None, cfg=None)

    settings = parse_infotext(infotext(make_provenance(picture=picture, origin=Origin()))).settings

    assert set(settings) == {
        *("Steps", "Size", "Model", "Model hash", "Version", "Lora weights", "Lora hashes"),
    }


def test_loras_and_strength_are_told():
    settings = parse_infotext(infotext(make_provenance())).settings

    assert settings["Lora weights"] == "watercolour: 0.8"
    assert settings["Lora hashes"] == "watercolour: c3c3c3c3c3c3"
    assert settings["Denoising strength"] == "0.6"


def test_a_preview_names_no_model_sampler_or_lora():
    preview = replace(make_snapshot().engine, is_preview=True)

    settings = parse_infotext(infotext(make_provenance(engine=preview))).settings

    assert settings["Model"] == "preview"
    assert not {"Model hash", "Sampler", "Lora weights", "Lora hashes"} & set(settings)


def test_a_model_name_cannot_write_settings():
    name = 'Z, Seed: 1, "quoted"\nSteps: 99'

    settings = parse_infotext(infotext(make_provenance(model=Model(name=name)))).settings

    assert settings["Model"] == "Z Seed 1 quoted Steps 99"
    assert (settings["Seed"], settings["Steps"]) == ("123456", "8")


def test_words_of_any_length_fit_into_every_format():
    long = infotext(make_provenance(words=words("😀" * 50_000, "低" * 50_000)))

    parsed = parse_infotext(long)
    assert len(parsed.prompt) == LONGEST_PROMPT
    assert parsed.prompt.endswith("😀…")
    assert len(parsed.negative_prompt) == LONGEST_NEGATIVE
    assert len(long.encode("utf-16-be")) < 65_000


@given(st.text(), st.text())
def test_no_words_disturb_the_settings(prompt, negative):
    parsed = parse_infotext(infotext(make_provenance(words=words(prompt, negative))))

    assert parsed.settings["Seed"] == "123456"
    assert parsed.settings["Steps"] == "8"
    assert parsed.settings["Size"] == "1024x1024"


@given(st.text("ab :,\nNegative promptSteps犬", max_size=60))
def test_words_come_back_but_for_marks_and_spaces(prompt):
    parsed = parse_infotext(infotext(make_provenance(words=words(prompt, "模糊"))))

    def squeezed(text: str) -> str:
        return "".join(text.split())

    assert squeezed(parsed.prompt) == squeezed(prompt)
    assert parsed.negative_prompt == "模糊"


@given(st.text() | st.text('ab:," \\\nNegative prompt:'))
def test_any_text_is_taken_apart_without_failing(text):
    parse_infotext(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Infotext(prompt="")),
        ("a dog, on grass", Infotext(prompt="a dog, on grass")),
        ("a dog\nratio: 1, size: 2", Infotext(prompt="a dog\nratio: 1, size: 2")),
        (
            'a dog\nsitting\nNegative prompt: blurry\nlow\nSteps: 20, Model: "a, b", Seed: 1',
            Infotext(
                prompt="a dog\nsitting",
                negative_prompt="blurry\nlow",
                settings={"Steps": "20", "Model": "a, b", "Seed": "1"},
            ),
        ),
        (
            'a dog\nSteps: 20, Lora hashes: "x: 1, y: 2", junk, Hashes: {}, Hires upscaler: R-4x',
            Infotext(
                prompt="a dog",
                settings={
                    "Steps": "20",
                    "Lora hashes": "x: 1, y: 2",
                    "Hashes": "{}",
                    "Hires upscaler": "R-4x",
                },
            ),
        ),
    ],
)
def test_texts_of_other_tools_are_read(text, expected):
    assert parse_infotext(text) == expected


def test_a_hostile_line_costs_no_more_than_its_length():
    assert parse_infotext("a" * 500_000 + 'b:"\\,' * 100_000).settings is not None
