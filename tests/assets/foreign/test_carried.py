from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from assets.foreign.carried import carried_by
from assets.foreign.plain import believable
from tests.assets.foreign.files import carried_of, jpeg_with

NAIVE = datetime(2025, 1, 1)  # noqa: DTZ001


def taken(**tags):
    exif = Image.Exif()
    inner = exif.get_ifd(0x8769)
    names = {"taken": 0x9003, "offset": 0x9011}
    for name, value in tags.items():
        inner[names[name]] = value
    return jpeg_with(exif)


def test_the_moment_of_the_file_is_read_with_its_own_zone():
    data = taken(taken="2025:03:14 15:09:26", offset="+08:00")

    assert carried_of(data).taken_at == datetime(
        2025, 3, 14, 15, 9, 26, tzinfo=timezone(timedelta(hours=8))
    )


def test_a_moment_without_a_zone_is_one_of_the_site():
    picture = Image.new("RGB", (16, 16))
    picture.getexif()[0x0132] = "2025:03:14 15:09:26"

    found = carried_by(picture, ZoneInfo("Asia/Shanghai")).taken_at

    assert found.astimezone(UTC) == datetime(2025, 3, 14, 7, 9, 26, tzinfo=UTC)


@pytest.mark.parametrize("written", ["0000:00:00 00:00:00", "    :  :     :  :  ", "soon", ""])
def test_a_moment_that_is_none_stays_unknown(written):
    assert carried_of(taken(taken=written)).taken_at is None


@pytest.mark.parametrize(
    "when", [datetime(1980, 1, 1, tzinfo=UTC), datetime(2031, 1, 1, tzinfo=UTC),
             NAIVE, None, datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=9)))]
)  # fmt: skip
def test_clocks_that_stand_wrong_are_not_believed(when):
    assert believable(when, datetime(2026, 1, 1, tzinfo=UTC)) is None


def test_where_it_was_taken_is_noticed():
    exif = Image.Exif()
    exif.get_ifd(0x8825)[1] = "N"

    assert carried_of(jpeg_with(exif)).has_position
    assert not carried_of(taken(taken="2025:03:14 15:09:26")).has_position


@pytest.mark.filterwarnings("ignore::UserWarning")
@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300))
def test_exif_that_is_none_never_crashes(rubbish):
    picture = Image.new("RGB", (16, 16))
    picture.info["exif"] = b"Exif\0\0MM\0*\0\0\0\x08" + rubbish

    carried_by(picture, UTC)
