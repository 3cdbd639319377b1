import json
from dataclasses import fields

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.foreign.carried import Carried
from assets.foreign.plain import LARGEST_SEED
from assets.foreign.reading import read_record
from tests.assets.foreign.files import png_with, record_of
from tests.assets.foreign.test_comfyui import DRAWN, custom_graph, z_image_graph
from tests.assets.foreign.test_invokeai import SAID as INVOKE
from tests.assets.foreign.test_swarmui import SAID as SWARM
from tests.assets.snapshots import make_snapshot

KEYWORDS = (
    "parameters",
    "prompt",
    "workflow",
    "invokeai_metadata",
    "sd-metadata",
    "Dream",
    "atelier",
)
WHOLE = [SWARM, INVOKE, custom_graph(), z_image_graph(), DRAWN, make_snapshot().for_file()]

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
    | st.sampled_from(["KSampler", "3", "57:3", "text", "-1", "1e999", "٣", "a:b"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
        st.sampled_from(["inputs", "class_type", "nodes", "links", "image", "prompt", "model",
                         "sui_image_params", "loras", "words", "seed"]) | st.text(max_size=8),
        inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


def damaged(data, whole):
    """The object with a few of its values replaced, anywhere."""
    copy = json.loads(json.dumps(whole))
    for _time in range(data.draw(st.integers(1, 3))):
        place = copy
        for _level in range(data.draw(st.integers(0, 3))):
            inner = [each for each in (place.values() if isinstance(place, dict) else place)
                     if isinstance(each, dict | list) and each]  # fmt: skip
            place = data.draw(st.sampled_from(inner)) if inner else place
        keys = list(place) if isinstance(place, dict) else range(len(place))
        place[data.draw(st.sampled_from(list(keys)))] = data.draw(values)
    return copy


def check_bounds(found):
    for each in fields(found):
        value = getattr(found, each.name)
        if isinstance(value, str):
            assert value.strip(), each.name
            value.encode()
            assert "\0" not in value
    assert found.seed is None or 0 <= found.seed <= LARGEST_SEED
    assert found.steps is None or 1 <= found.steps <= 10_000
    assert found.cfg is None or 0 <= found.cfg <= 1_000
    assert found.strength is None or 0 <= found.strength <= 1


@settings(max_examples=250, deadline=None)
@given(data=st.data())
def test_damaged_texts_are_read_or_left_and_never_crash(data):
    texts = {
        data.draw(st.sampled_from(KEYWORDS)): json.dumps(
            damaged(data, data.draw(st.sampled_from(WHOLE)))
        )
    }
    found = read_record(Carried(texts=texts, comment=data.draw(st.none() | st.text())))

    if found is not None:
        check_bounds(found)


@settings(max_examples=200, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(KEYWORDS),
        st.text() | values.map(json.dumps)
        | st.text().map(lambda words: f"{words}\nSteps: 8, Sampler: {words}, CFG scale: {words}")
        | st.text().map(lambda words: f'"{words}" -s {words} -S 5'),
    )
)  # fmt: skip
def test_nonsense_is_read_or_left_and_never_crashes(texts):
    found = read_record(Carried(texts=texts))

    if found is not None:
        check_bounds(found)


@pytest.mark.parametrize("keyword", KEYWORDS)
@pytest.mark.parametrize(
    "text",
    ["[" * 100_000, '{"a":' * 100_000, "{" + " " * 3_000_000, '{"seed": ' + "9" * 5_000 + "}"],
)
def test_texts_that_are_made_to_hurt_are_left(keyword, text):
    found = read_record(Carried(texts={keyword: text}))

    assert found is None or len(found.prompt) <= 20_000


def test_a_text_somebody_put_beside_the_graph_goes_before_it():
    data = png_with(prompt=z_image_graph(), parameters="a fox\nSteps: 8, CFG scale: 1, Seed: 5")

    assert record_of(data).tool == "A1111"


def test_a_file_that_says_nothing_has_no_record():
    assert record_of(png_with(Software="GIMP", Comment="mine")) is None
