from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command

from assets.models import Image, SearchDocument
from tests.assets.many import make_rows


def said(*command, **options):
    out = io.StringIO()
    call_command(*command, stdout=out, **options)
    return out.getvalue()


def test_an_index_that_is_right_is_said_to_be(world):
    make_rows(world.pets, world.uma, ["one", "two"])

    assert said("verify_search_index") == "2 images were compared.\nThe search index is right.\n"


def test_an_index_that_is_not_right_fails_and_says_what_to_do(world):
    first, second = make_rows(world.pets, world.uma, ["one", "two"])
    SearchDocument.objects.filter(pk=first.pk).delete()
    Image.objects.filter(pk=second.pk).update(prompt="three")
    out = io.StringIO()

    with pytest.raises(CommandError, match="rebuild_search_index"):
        call_command("verify_search_index", stdout=out)

    assert f"images not in the index: 1 (ids {first.pk})" in out.getvalue()
    assert f"images with an old document: 1 (ids {second.pk})" in out.getvalue()
    assert said("rebuild_search_index") == "2 images are in the search index.\n"
    assert "is right" in said("verify_search_index")


def test_only_what_is_missing_can_be_indexed(world):
    first, _second = make_rows(world.pets, world.uma, ["one", "two"])
    SearchDocument.objects.filter(pk=first.pk).delete()

    assert said("rebuild_search_index", missing=True) == "1 images are in the search index.\n"
    assert said("rebuild_search_index", missing=True, verbosity=0) == ""


def test_it_goes_on_where_it_stopped(world):
    first, second = make_rows(world.pets, world.uma, ["one", "two"])

    assert said("rebuild_search_index", after=first.pk) == "1 images are in the search index.\n"
    assert said("rebuild_search_index", after=second.pk) == "0 images are in the search index.\n"
