import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.search.tokens import (
    EDGE,
    FACETS,
    PAIR,
    facet,
    number_tokens,
    range_tokens,
    text_tokens,
    value_key,
)

NUMBERS = (
    st.integers(0, 40)
    | st.integers(-(2**63), 2**63)
    | st.floats(0, 100).map(lambda value: round(value, 3))
    | st.floats(allow_nan=False, allow_infinity=False, min_value=-1e18, max_value=1e18)
)


def test_unbroken_text_gives_characters_pairs_and_triples():
    assert text_tokens(["卡通熊"]) == {"卡", "通", "熊", "卡通", "通熊", "卡通熊"}


def test_words_give_themselves_their_first_letters_and_pairs():
    found = text_tokens(["Red scarf"])

    assert found == {
        *("red", "scarf", f"red{PAIR}scarf"),
        *(EDGE + letters for letters in ("r", "re", "red", "s", "sc", "sca")),
    }


def test_texts_do_not_run_into_each_other():
    assert f"red{PAIR}scarf" not in text_tokens(["red", "scarf"])
    assert "熊猫" not in text_tokens(["熊", "猫"])


def test_codes_of_facets_are_not_each_others_beginnings():
    codes = sorted(FACETS.values())

    assert len(set(codes)) == len(codes)
    # A day is written right behind its code, so that no other code may begin like it.
    assert {code for code in codes if len(code) != 2} == {"d", "e"}
    assert not {code for code in codes if code[0] in "de" and code[1:].isdigit()}


@given(st.text())
def test_a_facet_is_one_token_whatever_its_value(value):
    token = facet("tag", value)

    assert token.split() == [token]
    assert '"' not in token


@given(st.text(), st.text())
def test_different_values_have_different_tokens(one, other):
    assert (facet("tag", one) == facet("tag", other)) == (value_key(one) == value_key(other))


@given(
    value=NUMBERS,
    low=st.none() | NUMBERS,
    high=st.none() | NUMBERS,
    whole=st.booleans(),
)
def test_a_range_finds_every_number_in_it_and_no_other_if_it_says_so(value, low, high, whole):
    if whole:
        value = int(value)
    found = range_tokens("seed", low, high, smallest=-(2.0**64), whole=whole)

    is_found = bool(number_tokens("seed", value) & set(found.tokens))
    is_inside = (low is None or value >= low) and (high is None or value <= high)

    assert is_found or not is_inside
    if found.is_exact:
        assert is_found == is_inside


@pytest.mark.parametrize("steps", range(1, 130))
def test_ranges_of_small_whole_numbers_are_exact(steps):
    found = range_tokens("steps", 8, 100, whole=True)

    assert found.is_exact
    assert bool(number_tokens("steps", steps) & set(found.tokens)) == (8 <= steps <= 100)


def test_a_range_is_a_handful_of_tokens():
    assert len(range_tokens("cfg", 1, 4).tokens) < 10
    assert len(range_tokens("seed", 12345, 2**40 + 3, whole=True).tokens) < 200
    assert len(range_tokens("steps", 8, None, largest=2**31, whole=True).tokens) < 50
