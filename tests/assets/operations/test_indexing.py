"""Indexing very many images again in the background."""

from __future__ import annotations

from accounts.access import Access
from assets.actions.tagging import tag_images
from assets.actions.tags import rename_tag
from assets.models import Operation, Tag
from assets.operations import kinds
from assets.operations.running import run_next
from assets.operations.wording import result_of
from assets.queries.gallery import GallerySearch
from tests.assets.builders import make_image
from tests.builders import access_of


def test_a_renamed_tag_of_many_images_is_found_by_its_new_name(world, monkeypatch):
    monkeypatch.setattr("assets.actions.indexing_many.INDEXED_AT_ONCE", 1)
    access = access_of(world.uma)
    images = [make_image(world.pets, world.uma) for _ in range(2)]
    tag_images(access=access, project=world.pets, images=images, names=["dog"])

    rename_tag(access=access, tag=Tag.objects.get(), name="hound")
    assert "indexing" in kinds.__all__  # as the archivist knows it
    assert run_next(access=Access.system("archivist"))

    operation = Operation.objects.get()
    assert (operation.status, operation.done) == ("done", 2)
    assert result_of(operation) == "2 pictures are found by their new words."
    search = GallerySearch.from_query({"q": "tag:hound"})
    found = search.page(access, world.pets.pk).images
    assert {image.pk for image in found} == {image.pk for image in images}
