"""LoRAs on the real pipeline: they stack, they leave no trace, and only fitting files are taken."""

import hashlib
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from generation.engines.base import LoraMissing, LoraRef, LoraUnfit, SpecRejected
from tests.engines.loras import LAYER, WIDTH, save_lora, save_tensors
from tests.engines.specs import BASE, MODEL, spec
from tests.engines.tiny_checkpoint.engine import TinyDiffSynthEngine


@pytest.fixture(scope="module")
def engine(tiny_line):
    engine = TinyDiffSynthEngine(model_root=tiny_line, device="cpu")
    engine.load(MODEL)
    return engine


@pytest.fixture(scope="module")
def before(engine):
    return pixels(engine)


def pixels(engine, *loras, **changes):
    return engine.generate(spec(loras=loras, **changes)).picture.tobytes()


def refusal(engine, *loras, kind=SpecRejected):
    with pytest.raises(kind) as raised:
        engine.generate(spec(loras=loras))
    assert raised.value.field == "loras"
    return raised.value


def transformer_bits(engine):
    """Every parameter and buffer of the transformer, by the names of an untouched one."""
    digest = hashlib.sha256()
    for name, tensor in sorted(engine._residence.current.pipeline.dit.state_dict().items()):
        digest.update(name.encode())
        digest.update(tensor.contiguous().view(sys.modules["torch"].uint8).numpy().tobytes())
    return digest.hexdigest()


def test_a_lora_changes_the_picture_and_leaves_no_trace(engine, before, tmp_path):
    untouched = transformer_bits(engine)
    lora = save_lora(tmp_path / "style.safetensors")
    changed = pixels(engine, lora)
    assert changed != before
    assert pixels(engine, lora) == changed
    assert transformer_bits(engine) == untouched
    assert pixels(engine) == before


def test_loras_add_up_each_with_its_weight(engine, before, tmp_path):
    first = save_lora(tmp_path / "first.safetensors", seed=1)
    second = save_lora(tmp_path / "second.safetensors", seed=2, layer="layers.1.feed_forward.w2")
    second = replace(second, **fitting_feed_forward(tmp_path))
    alone = pixels(engine, first)
    both = pixels(engine, first, second)
    assert len({before, alone, pixels(engine, second), both}) == 4
    assert pixels(engine, first, replace(second, weight=0.0)) == alone
    assert pixels(engine, first, replace(second, weight=-0.5)) not in {alone, both}
    assert pixels(engine, second, first) == both, "on different layers the order does not matter"
    assert pixels(engine) == before


def fitting_feed_forward(directory):
    file, hidden = directory / "second.safetensors", int(WIDTH / 3 * 8)
    name = "layers.1.feed_forward.w2"
    shapes = {f"{name}.lora_A.weight": (2, hidden), f"{name}.lora_B.weight": (WIDTH, 2)}
    return {"sha256": save_tensors(file, shapes, seed=2)}


def test_loras_on_one_layer_are_put_on_in_the_given_order(engine, tmp_path):
    first = save_lora(tmp_path / "first.safetensors", seed=1, weight=0.8)
    second = save_lora(tmp_path / "second.safetensors", seed=2, weight=0.3)
    seen = []

    def look(_):
        dit = engine._residence.current.pipeline.dit
        layer = dict(dit.named_modules())[LAYER]
        seen.append([float(down.abs().sum()) for down in layer.lora_A_weights])

    engine.generate(spec(loras=(first, second), steps=1), on_progress=look)
    engine.generate(spec(loras=(second, first), steps=1), on_progress=look)
    forward, backward = seen[0], seen[-1]
    assert len(forward) == 2
    assert forward[0] != forward[1]
    assert backward == forward[::-1]


def test_a_lora_goes_with_the_picture_not_with_the_model(engine, before, tmp_path):
    lora = save_lora(tmp_path / "style.safetensors")
    changed = pixels(engine, lora)
    plain = pixels(engine, model=BASE)
    assert pixels(engine, lora, model=BASE) != plain
    assert pixels(engine, model=BASE) == plain
    assert pixels(engine, lora) == changed
    assert pixels(engine) == before


@pytest.mark.parametrize(
    ("shapes", "words"),
    [
        ({"other.lora_A.weight": (4, 8), "other.lora_B.weight": (8, 4)}, "another model"),
        ({f"{LAYER}.lora_A.weight": (4, 8), f"{LAYER}.lora_B.weight": (8, 4)}, "another size"),
        ({f"{LAYER}.lora_A.weight": (4, 128), f"{LAYER}.lora_B.weight": (128, 3)}, "another size"),
        ({f"{LAYER}.lora_A.weight": (4, 128, 1), f"{LAYER}.lora_B.weight": (128, 4)}, "size"),
        ({f"{LAYER}.lora_B.weight": (128, 4)}, "cannot be read"),
        ({"nothing.of.the.kind": (4, 4)}, "another model"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_a_lora_that_does_not_fit_is_refused(engine, before, tmp_path, shapes, words):
    file = tmp_path / "style.safetensors"
    sha256 = save_tensors(file, shapes)
    fitting = save_lora(tmp_path / "fitting.safetensors")
    refused = refusal(engine, fitting, LoraRef(file, 1.0, sha256))
    assert words in refused.message
    assert isinstance(refused, LoraMissing if words == "cannot be read" else LoraUnfit)
    assert pixels(engine) == before


def test_a_lora_that_is_missing_damaged_or_another_file_is_refused(engine, tmp_path):
    damaged = tmp_path / "damaged.safetensors"
    damaged.write_bytes(b"garbage")
    refusal(engine, LoraRef(tmp_path / "missing.safetensors", 1.0, ""), kind=LoraMissing)
    refusal(engine, LoraRef(damaged, 1.0, ""), kind=LoraMissing)
    changed = refusal(engine, LoraRef(damaged, 1.0, "0" * 64), kind=LoraMissing)
    assert "not the one" in changed.message


def test_without_a_directory_of_loras_a_relative_path_is_refused(engine):
    relative = LoraRef(Path("style.safetensors"), 1.0, "")
    assert "no directory" in refusal(engine, relative, kind=LoraMissing).message


class TestBelowARoot:
    """An engine that was given a directory of LoRAs takes no other file for one."""

    @pytest.fixture
    def root(self, tmp_path):
        root = tmp_path / "loras"
        root.mkdir()
        return root

    @pytest.fixture
    def rooted(self, tiny_line, root):
        return TinyDiffSynthEngine(model_root=tiny_line, device="cpu", lora_root=root)

    def test_a_relative_path_lies_below_it(self, rooted, engine, root):
        lora = save_lora(root / "ink/style.safetensors")
        relative = replace(lora, path=Path("ink/style.safetensors"))
        assert pixels(rooted, relative) == pixels(engine, lora)
        rooted.check(spec(loras=(lora,)))  # the whole path to the same file

    @pytest.mark.parametrize("path", ["../outside.safetensors", "ink/../../outside.safetensors"])
    def test_a_path_that_climbs_out_is_refused(self, rooted, root, path):
        (root / "ink").mkdir()
        lora = save_lora(root.parent / "outside.safetensors")
        with pytest.raises(SpecRejected, match="outside"):
            rooted.check(spec(loras=(replace(lora, path=Path(path)),)))

    def test_a_whole_path_elsewhere_is_refused(self, rooted, tmp_path):
        with pytest.raises(SpecRejected, match="outside"):
            rooted.check(spec(loras=(save_lora(tmp_path / "outside.safetensors"),)))

    def test_a_link_that_leads_out_is_refused(self, rooted, root, tmp_path):
        lora = save_lora(tmp_path / "outside.safetensors")
        (root / "file.safetensors").symlink_to(lora.path)
        (root / "folder").symlink_to(tmp_path)
        for path in ("file.safetensors", "folder/outside.safetensors"):
            with pytest.raises(SpecRejected, match="outside"):
                rooted.check(spec(loras=(replace(lora, path=Path(path)),)))

    @pytest.mark.parametrize(
        "path", ["missing.safetensors", "x" * 300 + ".safetensors", "loop.safetensors"]
    )
    def test_what_is_no_file_is_missing(self, rooted, root, path):
        (root / "loop.safetensors").symlink_to(root / "loop.safetensors")
        with pytest.raises(SpecRejected, match="missing"):
            rooted.check(spec(loras=(LoraRef(Path(path), 1.0, ""),)))
