"""What is known of the models of the Z-Image line without looking at any file."""

import pytest

from generation.engines.checking import SIZE_MULTIPLE, check_spec
from generation.engines.families import (
    FAMILIES,
    Z_IMAGE,
    Z_IMAGE_OMNI_BASE,
    Z_IMAGE_TURBO,
    family_of,
    parts_of,
    takes_edit_image,
)
from tests.engines.specs import spec


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_a_family_is_found_by_its_name_and_by_its_repository(family):
    assert family_of(family.name) is family
    assert family_of(family.repository) is family
    assert family_of(family.name.lower()) is family
    assert family_of(f"{family.name}-2") is None


@pytest.mark.parametrize("name", ["", "Z-Image-", "somebody/Z-Image", "Z-Image/"])
def test_a_name_that_is_only_like_one_is_no_family(name):
    assert family_of(name) is None


@pytest.mark.parametrize(
    ("family", "steps", "cfg", "edits"),
    [(Z_IMAGE_TURBO, 8, 1, False), (Z_IMAGE, 50, 4, False), (Z_IMAGE_OMNI_BASE, 40, 4, True)],
    ids=lambda value: getattr(value, "name", ""),
)
def test_the_defaults_are_those_of_the_makers_and_can_be_asked_for(family, steps, cfg, edits):
    assert (family.steps, family.cfg) == (steps, cfg)
    assert takes_edit_image(family.repository) is family.takes_edit_image is edits
    assert family.size_multiple == SIZE_MULTIPLE
    check_spec(spec(steps=family.steps, cfg=family.cfg))


def test_all_but_the_transformer_and_the_image_reader_are_shared_with_turbo():
    for family in FAMILIES:
        own = {part.folder for part in family.parts if not part.shared_with}
        shared = {part.folder: part.shared_with for part in family.parts if part.shared_with}
        assert own - {"siglip"} == {"transformer"}
        assert shared == dict.fromkeys(
            ("text_encoder", "vae", "tokenizer"), Z_IMAGE_TURBO.repository
        )
    assert Z_IMAGE_OMNI_BASE.part("siglip").folder == "siglip"
    with pytest.raises(KeyError):
        Z_IMAGE.part("siglip")


def test_a_model_of_no_family_counts_as_a_variant_of_turbo():
    assert parts_of("studio/our-own-finetune") == Z_IMAGE_TURBO.parts
    assert not takes_edit_image("studio/our-own-finetune")
