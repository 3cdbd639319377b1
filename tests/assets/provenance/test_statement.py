from dataclasses import replace

import pytest

from assets.provenance.statement import (
    ALGORITHMIC,
    COMPOSITE_SYNTHETIC,
    COMPOSITE_WITH_TRAINED,
    TRAINED,
)
from assets.snapshot import InputImage, Origin
from tests.assets.provenance.pictures import make_provenance
from tests.assets.snapshots import make_snapshot

PREVIEW = replace(make_snapshot().engine, is_preview=True)
FROM_UPLOAD = Origin(input_image=InputImage(id="5", uploaded=True), strength=0.5)
FROM_ARCHIVE = Origin(input_image=InputImage(id="5", uploaded=False), strength=0.5)


@pytest.mark.parametrize(
    ("origin", "expected"),
    [(Origin(), TRAINED), (FROM_ARCHIVE, TRAINED), (FROM_UPLOAD, COMPOSITE_WITH_TRAINED)],
)
def test_a_trained_model_is_named_as_the_source(origin, expected):
    assert make_provenance(origin=origin).digital_source_type == expected


@pytest.mark.parametrize(
    ("origin", "expected"),
    [(Origin(), ALGORITHMIC), (FROM_ARCHIVE, ALGORITHMIC), (FROM_UPLOAD, COMPOSITE_SYNTHETIC)],
)
def test_a_preview_never_claims_a_trained_model(origin, expected):
    provenance = make_provenance(origin=origin, engine=PREVIEW)

    assert provenance.digital_source_type == expected
    assert provenance.model_name == "preview"
    assert provenance.model_version is None


def test_a_model_without_revision_is_told_by_its_hash():
    model = make_snapshot().model

    assert make_provenance().model_version == "2025-11"
    assert make_provenance(model=replace(model, revision=None)).model_version == "a1a1a1a1a1"
    bare = replace(model, revision=None, main_hash=None)
    assert make_provenance(model=bare).model_version is None
