import io

import pytest
from PIL import Image, ImageChops, ImageStat

from assets.provenance.reading import read
from assets.renditions import RenditionFile, make_renditions
from tests.assets.provenance.pictures import PRODUCE_ID, make_picture, make_provenance


def by_kind(picture: Image.Image) -> dict[str, RenditionFile]:
    return {each.kind: each for each in make_renditions(picture, make_provenance())}


@pytest.mark.parametrize(
    ("size", "thumb", "preview"),
    [
        ((1536, 768), (512, 256), (1280, 640)),
        ((1024, 1024), (512, 512), (1024, 1024)),
        ((300, 200), (300, 200), (300, 200)),
        ((16, 2048), (4, 512), (10, 1280)),
    ],
)
def test_renditions_fit_their_square_and_are_never_enlarged(size, thumb, preview):
    made = by_kind(make_picture(*size))

    assert (made["thumb"].width, made["thumb"].height) == thumb
    assert (made["preview"].width, made["preview"].height) == preview
    for each in made.values():
        with Image.open(io.BytesIO(each.data)) as reopened:
            assert (reopened.format, reopened.size) == ("WEBP", (each.width, each.height))


def test_renditions_show_the_same_picture():
    picture = make_picture(600, 400)

    made = by_kind(picture)["preview"]

    with Image.open(io.BytesIO(made.data)) as reopened:
        difference = ImageChops.difference(reopened.convert("RGB"), picture)
    assert max(ImageStat.Stat(difference).mean) < 4


def test_renditions_are_labelled_but_say_nothing_of_the_words():
    for each in make_renditions(make_picture(), make_provenance(integrity_key=b"secret")):
        found = read(each.data)

        assert found.aigc is not None
        assert found.aigc["ProduceID"] == PRODUCE_ID
        assert len(found.aigc["ReservedCode1"]) == 64
        assert found.infotext is None
        assert found.snapshot is None
        assert "金毛犬".encode() not in each.data


def test_the_picture_itself_is_left_as_it_was():
    picture = make_picture(700, 700)

    make_renditions(picture, make_provenance())

    assert picture.size == (700, 700)
    assert picture.tobytes() == make_picture(700, 700).tobytes()


def test_transparency_is_kept():
    clear = make_picture().convert("RGBA")
    clear.putalpha(0)

    for each in make_renditions(clear, make_provenance()):
        with Image.open(io.BytesIO(each.data)) as reopened:
            assert reopened.mode == "RGBA"
