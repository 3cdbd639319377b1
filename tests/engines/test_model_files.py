"""Finding the parts of a model below the roots. Files are empty; only their places matter here."""

import shutil

import pytest

from generation.engines.base import ModelRef, ModelUnavailable
from generation.engines.model_files import find_model
from tests.engines.layouts import lay_out
from tests.engines.specs import BASE, MODEL, OMNI


@pytest.fixture
def root(tmp_path):
    root = tmp_path / "models"
    lay_out(root / "Z-Image-Turbo")
    return root


def places(files):
    """Which model's folder each part comes from."""
    found = {part: paths[0].parents[1].name for part, paths in files.parts.items()}
    return {**found, "tokenizer": files.tokenizer.parent.name}


def refusal(roots, model):
    with pytest.raises(ModelUnavailable) as raised:
        find_model(roots, model)
    return raised.value


@pytest.mark.parametrize("folder", ["Z-Image-Turbo", "Tongyi-MAI/Z-Image-Turbo"])
@pytest.mark.parametrize("name", ["Z-Image-Turbo", "Tongyi-MAI/Z-Image-Turbo"])
def test_a_model_is_found_by_its_name_or_its_repository(tmp_path, folder, name):
    lay_out(tmp_path / folder)
    files = find_model([tmp_path], ModelRef(name, "1"))
    assert files.directory == tmp_path / folder
    assert [label for label, _ in files.weights()] == [
        "transformer/model.safetensors",
        "text_encoder/model.safetensors",
        "vae/model.safetensors",
    ]


def test_a_root_may_be_the_model_itself(root):
    assert find_model([root / "Z-Image-Turbo"], MODEL).directory == root / "Z-Image-Turbo"


def test_a_model_takes_what_it_shares_from_turbo(root):
    lay_out(root / "Z-Image", "transformer")
    assert places(find_model([root], BASE)) == {
        "transformer": "Z-Image",
        "text_encoder": "Z-Image-Turbo",
        "vae": "Z-Image-Turbo",
        "tokenizer": "Z-Image-Turbo",
    }


def test_its_own_parts_come_first(root):
    lay_out(root / "Z-Image", "transformer", "text_encoder", "tokenizer")
    found = places(find_model([root], BASE))
    assert found.pop("vae") == "Z-Image-Turbo"
    assert set(found.values()) == {"Z-Image"}


def test_the_parts_may_lie_below_several_roots(root, tmp_path):
    lay_out(tmp_path / "disk/Z-Image-Omni-Base", "transformer", "siglip")
    for roots in ([root, tmp_path / "disk"], [tmp_path / "disk/Z-Image-Omni-Base", root]):
        found = places(find_model(roots, OMNI))
        assert found.pop("transformer") == found.pop("siglip") == "Z-Image-Omni-Base"
        assert set(found.values()) == {"Z-Image-Turbo"}
    assert find_model([tmp_path / "nowhere", root], MODEL).directory == root / "Z-Image-Turbo"


def test_a_finetune_may_be_a_transformer_alone(root):
    lay_out(root / "studio/glass", "transformer")
    found = places(find_model([root], ModelRef("studio/glass", "1")))
    assert found.pop("transformer") == "glass"
    assert set(found.values()) == {"Z-Image-Turbo"}


def test_the_transformer_is_never_shared(root):
    (root / "Z-Image").mkdir()
    assert "transformer" in refusal([root], BASE).message


def test_without_the_shared_model_the_missing_part_is_named_with_both_places(tmp_path):
    lay_out(tmp_path / "Z-Image", "transformer")
    lay_out(tmp_path / "Z-Image-Turbo", "transformer")
    failure = refusal([tmp_path], BASE)
    assert "text encoder" in failure.message
    assert str(tmp_path / "Z-Image/text_encoder") in failure.detail
    assert str(tmp_path / "Z-Image-Turbo/text_encoder") in failure.detail


def test_omni_needs_its_image_reader(root):
    lay_out(root / "Z-Image-Omni-Base", "transformer")
    assert "SigLIP" in refusal([root], OMNI).message


def test_one_member_of_the_line_never_stands_for_another(root):
    """Their weights have the same names and shapes: nothing would fail, and all would be wrong."""
    refusal([root], BASE)
    refusal([root / "Z-Image-Turbo"], BASE)
    refusal([root / "Z-Image-Turbo"], ModelRef("studio/glass", "1"))
    nameless = shutil.copytree(root / "Z-Image-Turbo", root.parent / "current")
    refusal([nameless], BASE)
    assert find_model([nameless], MODEL).directory == nameless
    other = shutil.copytree(nameless, root.parent / "other")
    refusal([nameless, other], MODEL)
    assert find_model([nameless, other], ModelRef("other", "1")).directory == other


def test_a_file_that_leads_out_of_the_roots_is_refused(root, tmp_path):
    outside = tmp_path / "outside.safetensors"
    outside.write_bytes(b"secret")
    inside = root / "Z-Image-Turbo/vae/model.safetensors"
    inside.unlink()
    inside.symlink_to(outside)
    failure = refusal([root], MODEL)
    assert "VAE" in failure.message
    assert "outside" in failure.message
    assert str(outside) in failure.detail
    assert find_model([root, tmp_path], MODEL), "unless the operator names that place as well"


@pytest.mark.parametrize("part", ["transformer", "tokenizer"])
def test_a_folder_that_leads_out_of_the_roots_is_refused(root, tmp_path, part):
    moved = tmp_path / "moved"
    (root / "Z-Image-Turbo" / part).rename(moved)
    (root / "Z-Image-Turbo" / part).symlink_to(moved)
    assert "outside" in refusal([root], MODEL).message


def test_a_model_that_leads_out_of_the_roots_is_not_there(root, tmp_path):
    (root / "Z-Image-Turbo").rename(tmp_path / "moved")
    (root / "Z-Image-Turbo").symlink_to(tmp_path / "moved")
    assert "not on this machine" in refusal([root], MODEL).message


def test_every_file_of_the_tokenizer_must_lie_inside(root, tmp_path):
    (tmp_path / "template").write_text("{{ secret }}")
    (root / "Z-Image-Turbo/tokenizer/chat_template.jinja").symlink_to(tmp_path / "template")
    assert "tokenizer" in refusal([root], MODEL).message


def test_links_inside_the_roots_are_followed(root):
    blob = root / "blobs"
    blob.mkdir()
    file = root / "Z-Image-Turbo/vae/model.safetensors"
    file.rename(blob / "0a1b")
    file.symlink_to(blob / "0a1b")
    assert find_model([root], MODEL).parts["vae"] == (file,)


def test_without_any_root_the_model_is_not_there():
    assert "no directory" in refusal([], MODEL).detail
