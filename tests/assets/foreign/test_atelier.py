import json

import pytest

from assets.provenance.writing import encode
from tests.assets.foreign.files import png_with, record_of
from tests.assets.provenance.pictures import make_picture, make_provenance
from tests.assets.snapshots import make_snapshot


def test_our_own_file_comes_home_with_its_whole_snapshot():
    found = record_of(encode(make_picture(), make_provenance(), "PNG"))

    assert found.tool == "Atelier"
    assert found.prompt == "一只金毛犬，坐在草地上, soft light"
    assert found.made_at.isoformat() == "2025-01-05T09:30:00.250000+00:00"
    assert found.snapshot.words == make_snapshot().words
    assert found.snapshot.engine == make_snapshot().engine


@pytest.mark.parametrize("change", [{"schema": 2}, {"words": None}, {"created_at": "soon"}])
def test_a_snapshot_that_is_none_leaves_the_file_to_the_other_readers(change):
    forged = {**make_snapshot().for_file(), **change}
    found = record_of(png_with(atelier=forged, parameters="a fox"))

    assert (found.tool, found.prompt) == ("A1111", "a fox")


def test_numbers_that_cannot_be_are_forgotten():
    forged = make_snapshot().for_file()
    forged["picture"] |= {"seed": -5, "steps": 10**9, "cfg": 1e9}

    found = record_of(png_with(atelier=forged))

    assert (found.seed, found.steps, found.cfg) == (None, None, None)
    assert (found.snapshot.picture.seed, found.snapshot.picture.steps) == (None, None)


def test_a_snapshot_of_megabytes_is_not_believed():
    forged = make_snapshot().for_file()
    forged["engine"]["libraries"] = {str(number): "x" * 100 for number in range(3_000)}

    assert record_of(png_with(atelier=json.dumps(forged))) is None
