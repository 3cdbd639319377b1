import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.search.normalizing import normalised, runs_of


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("ＰＡＮＤＡ", "panda"),
        ("可愛的熊貓", "可爱的熊猫"),
        ("戴著紅色圍巾", "戴着红色围巾"),
        ("妳的傢", "你的家"),
        ("ﾊﾟﾝﾀﾞ", "パンダ"),
        ("Straße", "STRASSE"),
        ("１０２４ｘ１０２４", "1024X1024"),
    ],
)
def test_two_ways_of_writing_are_one(written, same):
    assert normalised(written) == normalised(same)


@given(st.text())
def test_normalising_twice_changes_nothing_more(text):
    assert normalised(normalised(text)) == normalised(text)


def test_a_text_is_cut_where_scripts_and_separators_are():
    runs = [(run.text, run.is_unbroken) for run in runs_of("Red 圍巾, z-image_turbo 第3版！")]

    assert runs == [
        ("red", False),
        ("围巾", True),
        ("z", False),
        ("image", False),
        ("turbo", False),
        ("第", True),
        ("3", False),
        ("版", True),
    ]


def test_characters_of_the_index_itself_are_separators():
    assert [run.text for run in runs_of("a\ue000project1\ue003b")] == ["a", "project1", "b"]
