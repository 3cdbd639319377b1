import pytest

from accounts.errors import NotVisible
from assets.actions.templating import publish_version, retire_template, save_draft
from assets.queries.templates import library, pictures_of, template_for, usable_version
from tests.assets.builders import make_image, make_template
from tests.builders import access_of


def names(entries):
    return [entry.template.name for entry in entries]


@pytest.fixture
def templates(world):
    """A published, a draft and a retired template of Lantern, and one of Harbour."""
    make_template(world.harbour, world.mallory, name="Harbour")
    retired = make_template(world.lantern, world.ada, name="Retired")
    retire_template(access=access_of(world.ada), template=retired)
    return {
        "published": make_template(world.lantern, world.ada, name="Published"),
        "draft": make_template(world.lantern, world.ada, name="Draft", published=False),
        "retired": retired,
    }


def test_everybody_sees_what_can_be_used_and_admins_see_the_rest(world, templates):
    assert names(library(access_of(world.paul), world.lantern)) == ["Published"]
    assert names(library(access_of(world.ada), world.lantern)) == ["Draft", "Published", "Retired"]
    assert library(access_of(world.mallory), world.lantern) == []


def test_templates_are_found_by_name(world, templates):
    assert names(library(access_of(world.ada), world.lantern, text="ub")) == ["Published"]
    assert library(access_of(world.ada), world.lantern, text="%") == []


def test_a_template_shows_its_variables_and_the_newest_visible_picture(world, templates):
    version = templates["published"].versions.get()
    make_image(world.pets, world.uma, version=version)
    newest = make_image(world.pets, world.uma, version=version)
    secret = make_image(world.products, world.uma, version=version)

    (for_paul,) = library(access_of(world.paul), world.lantern)

    assert for_paul.variables == ("主体", "地点")
    assert for_paul.sample == newest.uid
    assert library(access_of(world.uma), world.lantern)[0].sample == secret.uid
    assert newest in pictures_of(access_of(world.paul), templates["published"])
    assert secret not in pictures_of(access_of(world.paul), templates["published"])


def test_the_library_costs_three_queries(world, templates, django_assert_num_queries):
    access = access_of(world.ada)

    with django_assert_num_queries(3):
        for entry in library(access, world.lantern):
            assert entry.shown.prompt


def test_drafts_are_for_those_who_edit(world, templates):
    access = access_of(world.ada)
    save_draft(access=access, template=templates["published"], prompt="{next}")

    for_ada = template_for(access, templates["published"].pk)
    for_uma = template_for(access_of(world.uma), templates["published"].pk)

    assert [version.number for version in for_ada.versions] == [2, 1]
    assert (for_ada.draft.prompt, for_ada.published.number) == ("{next}", 1)
    assert [version.number for version in for_uma.versions] == [1]
    assert for_uma.draft is None
    for hidden in ("draft", "retired"):
        assert template_for(access, templates[hidden].pk)
        with pytest.raises(NotVisible):
            template_for(access_of(world.uma), templates[hidden].pk)
    with pytest.raises(NotVisible):
        template_for(access_of(world.mallory), templates["published"].pk)


def test_pictures_are_made_with_the_latest_published_version(world, templates):
    access, template = access_of(world.ada), templates["published"]
    save_draft(access=access, template=template, prompt="{next}")
    assert usable_version(access_of(world.uma), template.pk).number == 1

    publish_version(access=access, template=template)

    assert usable_version(access_of(world.uma), template.pk).number == 2
    for hidden in ("draft", "retired"):
        with pytest.raises(NotVisible):
            usable_version(access_of(world.ada), templates[hidden].pk)
    with pytest.raises(NotVisible):
        usable_version(access_of(world.mallory), template.pk)
