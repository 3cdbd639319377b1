import hashlib
import hmac
import json

import pytest
from PIL import Image

from assets.provenance import aigc
from tests.assets.provenance.pictures import PRODUCE_ID, make_picture, make_provenance


def test_the_label_has_the_seven_fields_of_the_standard_all_text():
    label = aigc.label_for(make_picture(), make_provenance())

    assert tuple(label) == aigc.KEYS
    assert label == {
        "Label": "1",
        "ContentProducer": "示例公司",
        "ProduceID": PRODUCE_ID,
        "ReservedCode1": "",
        "ContentPropagator": "",
        "PropagateID": "",
        "ReservedCode2": "",
    }


def test_with_a_key_the_label_is_bound_to_the_image_and_its_pixels():
    picture = make_picture()
    pixels = hashlib.sha256(b"RGB 48x32\n" + picture.tobytes()).hexdigest()

    label = aigc.label_for(picture, make_provenance(integrity_key=b"secret"))

    expected = hmac.new(b"secret", f"{PRODUCE_ID}|{pixels}".encode(), hashlib.sha256).hexdigest()
    assert label["ReservedCode1"] == expected


def test_one_changed_pixel_or_another_shape_changes_the_hash():
    picture = make_picture()
    changed = picture.copy()
    changed.putpixel((3, 3), (1, 2, 3))
    reshaped = Image.frombytes("RGB", (32, 48), picture.tobytes())

    hashes = {aigc.pixel_sha256(each) for each in (picture, changed, reshaped)}

    assert len(hashes) == 3


@pytest.mark.parametrize(
    "text",
    ["", "no json", "[]", "{}", '{"Label": 1}', "[" * 100_000, "null", '{"label":"1"}'],
)
def test_what_is_no_label_is_none(text):
    assert aigc.from_text(text) is None


def test_a_label_comes_back_from_its_text():
    label = aigc.label_for(make_picture(), make_provenance())

    assert json.loads(aigc.to_text(label)) == label
    assert aigc.from_text(aigc.to_text(label)) == label
