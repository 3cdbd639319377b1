from collections import Counter

import pytest

from assets.search.language import FIELDS, Kind, Sort, parse
from assets.search.language.fields import ORDERS
from assets.snapshot import MetadataSnapshot
from assets.types import ReviewStatus
from tests.assets.views.test_facts import paths_of


def test_every_field_of_the_snapshot_can_be_searched():
    covered = {path for field in FIELDS.values() for path in field.paths}

    assert covered == set(paths_of(MetadataSnapshot))


@pytest.mark.parametrize("field", FIELDS.values(), ids=str)
def test_the_example_of_a_field_can_be_asked_for(field):
    assert not parse(f"{field.name}:{field.example}").mistakes


@pytest.mark.parametrize("field", FIELDS.values(), ids=str)
def test_every_name_and_every_choice_of_a_field_is_read(field):
    values = [s for each in field.choices for s in (each.value, *each.aliases)] or [field.example]
    for name in (field.name, *field.aliases):
        for value in values:
            assert not parse(f"{name}:{value}").mistakes, f"{name}:{value}"


def test_no_name_means_two_fields_except_where_chinese_has_one_word_for_both():
    names = Counter(name for each in FIELDS.values() for name in {each.name, *each.aliases})

    assert [name for name, count in names.items() if count > 1] == []


def test_choices_are_spelled_once():
    for field in FIELDS.values():
        spellings = Counter(s for each in field.choices for s in {each.value, *each.aliases})
        assert [each for each, count in spellings.items() if count > 1] == []


def test_orders_and_statuses_are_all_there():
    assert [each.value for each in ORDERS] == list(Sort)
    assert [each.value for each in FIELDS["status"].choices] == ReviewStatus.values


def test_chips_of_orders_are_no_conditions():
    assert {name for name, each in FIELDS.items() if each.kind in (Kind.ORDER, Kind.COUNT)} == {
        "sort",
        "last",
    }
