"""The preview engine: its colours follow the words, and it never passes for the model."""

import numpy as np
import pytest

from generation.engines.preview import PreviewEngine
from generation.engines.preview.composing import SCENES, choose_scene
from generation.engines.preview.lexicon import IDEAS
from generation.engines.preview.palette import SWATCHES, lab_from_hex, levels_from_lab
from generation.engines.preview.reading import read
from tests.engines.specs import spec

engine = PreviewEngine()


def picture(prompt, **changes):
    return engine.generate(spec(prompt=prompt, **changes)).picture


def mean_colour(prompt, **changes):
    return np.asarray(picture(prompt, **changes), float).mean(axis=(0, 1))


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize(
    ("warm", "cool"),
    [
        ("红色丝绸", "蓝色丝绸"),
        ("red silk", "blue silk"),
        ("金色的抽象流体", "青色的抽象流体"),
        ("golden abstract fluid", "teal abstract fluid"),
        ("日落的大海", "冬天的雪山"),
        ("a sunset over the sea", "snowy mountains in winter"),
    ],
)
def test_words_of_both_languages_decide_the_colours(warm, cool, seed):
    red, _, blue = mean_colour(warm, seed=seed) - mean_colour(cool, seed=seed)
    assert red > 0 > blue


def test_grass_is_green_in_both_languages():
    for prompt in ("草地", "a meadow of grass"):
        red, green, blue = np.asarray(picture(prompt), float)[-40:-20].mean(axis=(0, 1))
        assert green > red
        assert green > blue


def test_night_is_darker_than_morning():
    assert mean_colour("深夜的城市").mean() < mean_colour("清晨的湖泊").mean()


def test_a_colour_belongs_to_what_it_stands_before():
    reading = read("可爱的卡通熊猫，穿着红色围巾，站立姿势，白色背景")
    assert reading.accent == ["red"]
    assert reading.ground == ["white"]
    assert reading.figure == ["panda"]
    english = read("a panda with a red scarf on a white background")
    assert (english.accent, english.ground) == (["red"], ["white"])


def test_an_english_word_inside_another_is_not_found():
    assert not read("hundred caterpillars").figure


def test_the_longest_name_wins():
    assert read("金毛犬").figure == ["gold"]
    assert read("golden hour").ground == ["sunset"]


def test_the_negative_prompt_takes_words_away_and_mutes():
    assert read("red and blue", "red").figure == ["blue"]
    assert read("red and blue", "green").chroma < read("red and blue").chroma
    assert read("red and blue", "低质量，模糊").chroma == read("red and blue").chroma


def test_a_changed_prompt_keeps_the_composition_of_the_seed():
    first = np.asarray(picture("red silk", seed=7).convert("L"), float)
    related = np.asarray(picture("blue silk", seed=7).convert("L"), float)
    stranger = np.asarray(picture("blue silk", seed=8).convert("L"), float)

    def likeness(a, b):
        return np.corrcoef(a.ravel(), b.ravel())[0, 1]

    assert likeness(first, related) > 0.7 > likeness(first, stranger)


def test_prompts_without_a_known_word_differ_too():
    assert picture("qwerty").tobytes() != picture("asdfgh").tobytes()


def test_one_prompt_gives_many_compositions():
    reading = read("现代简约风格的产品背景，柔和渐变色")
    assert len({choose_scene(reading, seed) for seed in range(20)}) > 1
    assert len({choose_scene(read("qwerty"), seed) for seed in range(60)}) > 5


@pytest.mark.parametrize("scene", sorted(SCENES))
@pytest.mark.parametrize("size", [(256, 128), (64, 192), (64, 64)])
def test_every_scene_fills_every_format(scene, size):
    prompt = next(idea.names[-1] for idea in IDEAS if leads_to(idea, scene))
    levels = np.asarray(picture(prompt, width=size[0], height=size[1]), float)
    assert levels.shape == (size[1], size[0], 3)
    assert levels.std() > 3
    assert 10 < levels.mean() < 250


def leads_to(idea, scene):
    return idea.scenes and choose_scene(read(idea.names[-1]), spec().seed) == scene


def test_every_row_of_the_lexicon_names_what_exists():
    for idea in IDEAS:
        assert not idea.swatch or idea.swatch in SWATCHES, idea.names
        assert idea.scenes.keys() <= SCENES.keys(), idea.names
    names = [name for idea in IDEAS for name in idea.names]
    assert len(names) == len(set(names))
    assert all(name == name.casefold() for name in names)


def test_it_says_that_it_is_a_preview():
    facts = engine.generate(spec()).facts
    assert facts.is_preview is True
    assert facts.engine == "preview"
    assert facts.weight_hashes == {}


@pytest.mark.parametrize("prompt", ["white cream silk", "black luxury lines"])
def test_the_mark_is_in_the_corner_and_legible(prompt):
    made = picture(prompt, width=256, height=256)
    corner = np.asarray(made.crop((170, 228, 248, 250)).convert("L"), float)
    beside = np.asarray(made.crop((90, 228, 168, 250)).convert("L"), float)
    assert np.ptp(corner) > 110
    assert np.ptp(corner) > np.ptp(beside)


def test_a_gradient_does_not_band():
    levels = np.asarray(picture("柔和渐变", width=256, height=256), int)[:200, :200, 0]
    # Without grain, neighbours in a slow gradient would be equal over long runs.
    assert (np.diff(levels, axis=1) == 0).mean() < 0.35


def test_a_picture_larger_than_what_is_painted_has_its_size():
    assert picture("silk", width=2560, height=1024).size == (2560, 1024)


def test_steps_can_be_paced():
    facts = PreviewEngine(step_seconds=0.01).generate(spec(steps=5)).facts
    assert facts.seconds.denoise >= 0.05


def test_colours_survive_the_way_to_oklab_and_back():
    for text, levels in (("#000000", 0), ("#ffffff", 255), ("#808080", 128)):
        lab = np.array(lab_from_hex(text), np.float32).reshape(3, 1, 1)
        assert np.allclose(levels_from_lab(lab), levels, atol=1.5)
