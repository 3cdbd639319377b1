import pytest

from assets.actions.templating import retire_template, save_draft
from assets.models import PromptTemplate
from assets.types import VersionStatus
from tests.assets.builders import make_image, make_template
from tests.builders import access_of

LIBRARY = "/organizations/lantern/templates/"


def url_of(template, step=""):
    return f"/templates/{template.pk}/{step}"


def text(response):
    return response.content.decode()


def words(**fields):
    return {
        "name": "宠物肖像",
        "description": "Pets outdoors",
        "prompt": "一只{主体}，坐在{地点}上",
        "negative_prompt": "低质量，模糊",
        "width": "1024",
        "height": "768",
        "steps": "8",
        "cfg": "1",
        "variable": ["主体", "地点", "gone"],
        "example": ["金毛犬", "", "left over"],
        **fields,
    }


def test_everybody_finds_published_templates_with_their_variables(world, client_for):
    template = make_template(world.lantern, world.ada, name="Pets on grass")
    make_template(world.lantern, world.ada, name="Secret draft", published=False)
    image = make_image(world.pets, world.uma, version=template.versions.get())

    page = text(client_for(world.paul).get(LIBRARY))

    assert "Pets on grass" in page
    assert "主体" in page
    assert f'src="/images/{image.uid}/thumb.webp"' in page
    assert "Secret draft" not in page
    assert "New template" not in page


def test_admins_see_drafts_and_retired_templates_too(world, client_for):
    make_template(world.lantern, world.ada, name="Draft of mine", published=False)
    retired = make_template(world.lantern, world.ada, name="Old one")
    retire_template(access=access_of(world.ada), template=retired)

    page = text(client_for(world.ada).get(LIBRARY))

    assert "Draft of mine" in page
    assert "Old one" in page
    assert "New template" in page


def test_the_library_is_searched_by_name(world, client_for):
    make_template(world.lantern, world.ada, name="Pets")
    make_template(world.lantern, world.ada, name="Posters")
    client = client_for(world.uma)

    assert "Posters" not in text(client.get(LIBRARY, {"text": "pet"}))
    assert "Nothing found" in text(client.get(LIBRARY, {"text": "giraffe"}))
    assert client.get(LIBRARY, {"text": "\0"}).status_code == 200


def test_an_empty_library_says_what_a_template_is(world, client_for):
    assert "publishes a prompt with blanks" in text(client_for(world.uma).get(LIBRARY))
    assert "Write one" in text(client_for(world.ada).get(LIBRARY))


def test_a_template_is_shown_with_marked_variables_and_its_pictures(world, client_for):
    template = make_template(world.lantern, world.ada)
    image = make_image(world.pets, world.uma, version=template.versions.get())

    page = text(client_for(world.paul).get(url_of(template)))

    assert '一只<mark class="variable">主体</mark>' in page
    assert f'href="/images/{image.uid}/"' in page
    assert f'href="/projects/{world.pets.pk}/generate/?template={template.pk}"' in page
    assert "Retire" not in page


def test_using_a_template_asks_for_the_project_when_there_are_several(world, client_for):
    template = make_template(world.lantern, world.ada)

    page = text(client_for(world.uma).get(url_of(template)))

    for project in (world.pets, world.products):
        assert f'href="/projects/{project.pk}/generate/?template={template.pk}"' in page
    assert "In which project?" in page


def test_older_versions_stay_readable_and_drafts_stay_hidden(world, client_for):
    template = make_template(world.lantern, world.ada)
    save_draft(access=access_of(world.ada), template=template, prompt="the {next} words")

    draft = client_for(world.ada).get(url_of(template), {"version": "2"})
    for_uma = client_for(world.uma).get(url_of(template), {"version": "2"})

    assert draft.context["version"].number == 2
    assert "Publish version 2?" in text(draft)
    assert for_uma.context["version"].number == 1
    assert "the {next} words" not in text(for_uma)
    assert client_for(world.ada).get(url_of(template)).context["version"].number == 1
    assert client_for(world.ada).get(url_of(template), {"version": "x"}).status_code == 200


def test_admin_writes_publishes_retires_and_restores(world, client_for):
    client = client_for(world.ada)

    created = client.post(f"{LIBRARY}new/", words())
    template = PromptTemplate.objects.get()
    assert created["Location"] == url_of(template)
    draft = template.versions.get()
    assert draft.defaults == {
        "width": 1024,
        "height": 768,
        "steps": 8,
        "cfg": 1.0,
        "examples": {"主体": "金毛犬"},
    }

    client.post(url_of(template, "publish/"))
    assert template.versions.get().status == VersionStatus.PUBLISHED

    edited = client.post(
        url_of(template, "edit/"), words(name="Pets", prompt="{主体}在奔跑", width="")
    )
    assert edited["Location"] == url_of(template, "?version=2")
    template.refresh_from_db()
    assert template.name == "Pets"
    assert [version.prompt for version in template.versions.order_by("number")] == [
        "一只{主体}，坐在{地点}上",
        "{主体}在奔跑",
    ]

    client.post(url_of(template, "retire/"))
    assert client_for(world.uma).get(url_of(template)).status_code == 404
    client.post(url_of(template, "restore/"))
    assert client_for(world.uma).get(url_of(template)).status_code == 200


def test_the_editor_begins_with_the_latest_words(world, client_for):
    template = make_template(world.lantern, world.ada)
    save_draft(access=access_of(world.ada), template=template, prompt="the {next} words")

    form = client_for(world.ada).get(url_of(template, "edit/")).context["form"]

    assert form["prompt"].value() == "the {next} words"
    assert form.variables == [("next", "")]


def test_saving_only_a_new_description_starts_no_version(world, client_for):
    template = make_template(world.lantern, world.ada, prompt="plain")

    client_for(world.ada).post(
        url_of(template, "edit/"), {"name": "Pets", "description": "New", "prompt": "plain"}
    )

    template.refresh_from_db()
    assert (template.description, template.versions.count()) == ("New", 1)


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"name": "Taken"}, "name", "has this name"),
        ({"name": ""}, "name", "required"),
        ({"prompt": "a {dog"}, "prompt", "never closed"),
        ({"prompt": "a dog}"}, "prompt", "never opened"),
        ({"prompt": "a {1}"}, "prompt", "not the name of a variable"),
        ({"width": "1000"}, "width", "multiple"),
        ({"steps": "0"}, "steps", "greater than or equal to 1"),
        ({"cfg": "nan"}, "cfg", "Enter a number"),
        ({"example": ["x" * 201]}, "__all__", "up to 200 characters"),
    ],
)
def test_a_wrong_field_comes_back_with_what_was_written(world, client_for, wrong, field, sentence):
    make_template(world.lantern, world.ada, name="Taken")

    response = client_for(world.ada).post(f"{LIBRARY}new/", words(**wrong))

    assert response.status_code == 422
    assert sentence in str(response.context["form"].errors[field])
    assert "Pets outdoors" in text(response)
    assert PromptTemplate.objects.count() == 1


def test_variables_are_found_while_the_prompt_is_written(world, client_for):
    client = client_for(world.ada)

    found = client.post(f"{LIBRARY}variables/", words(prompt="a {主体} in {place}"))
    broken = client.post(f"{LIBRARY}variables/", words(prompt="a {主体"))

    page = text(found)
    assert '<mark class="variable">place</mark>' in page
    assert 'value="金毛犬"' in page
    assert "never closed" in text(broken)
    assert 'type="hidden" name="example" value="金毛犬"' in text(broken)


@pytest.mark.parametrize(
    ("path", "method"),
    [
        ("{library}new/", "get"),
        ("{library}new/", "post"),
        ("{library}variables/", "post"),
        ("{template}edit/", "get"),
        ("{template}edit/", "post"),
        ("{template}publish/", "post"),
        ("{template}retire/", "post"),
        ("{template}restore/", "post"),
    ],
)
def test_writing_is_for_admins_of_the_organization(world, client_for, client, path, method):
    template = make_template(world.lantern, world.ada)
    address = path.format(library=LIBRARY, template=url_of(template))

    def status_for(browser):
        return getattr(browser, method)(address, words()).status_code

    assert status_for(client_for(world.rita)) == 403
    assert status_for(client_for(world.paul)) == 403
    assert status_for(client_for(world.mallory)) == 404
    assert status_for(client) == 302
    assert PromptTemplate.objects.count() == 1


def test_reading_is_for_members_of_the_organization(world, client_for, client):
    template = make_template(world.lantern, world.ada)

    for address in (LIBRARY, url_of(template)):
        assert client_for(world.mallory).get(address).status_code == 404
        assert client.get(address).status_code == 302


def test_the_library_costs_the_same_however_long_it_is(
    world, client_for, django_assert_max_num_queries
):
    for number in range(5):
        make_template(world.lantern, world.ada, name=f"Template {number}")
    client = client_for(world.uma)

    with django_assert_max_num_queries(9):
        client.get(LIBRARY)
