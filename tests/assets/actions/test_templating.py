import pytest

from accounts.access import Access
from accounts.errors import InvalidInput, InvalidTransition, NotPermitted, NotVisible
from accounts.models import AuditEvent
from assets.actions.templating import (
    create_template,
    publish_version,
    rename_template,
    restore_template,
    retire_template,
    save_draft,
)
from assets.models import PromptTemplate, TemplateVersion
from assets.suggestions import Suggestions
from assets.types import VersionStatus
from tests.assets.builders import make_template
from tests.builders import access_of

PROMPT = "一只{主体}，坐在{地点}上"


def create(world, person=None, **options):
    return create_template(
        access=access_of(person or world.ada),
        organization=world.lantern,
        **{"name": "宠物肖像", "prompt": PROMPT, **options},
    )


def test_admin_starts_a_template_with_a_draft(world):
    template = create(
        world,
        description=" Pets on grass ",
        negative_prompt="低质量，模糊",
        suggestions=Suggestions(
            width=1024, steps=8, cfg=1.0, examples={"地点": "草地", "other": "x", "主体": " "}
        ),
    )

    draft = template.versions.get()
    assert (draft.number, draft.status, draft.prompt) == (1, VersionStatus.DRAFT, PROMPT)
    assert template.description == "Pets on grass"
    assert draft.defaults == {"width": 1024, "steps": 8, "cfg": 1.0, "examples": {"地点": "草地"}}
    event = AuditEvent.objects.get(action="assets.template.created")
    assert (event.organization_id, event.target_label) == (world.lantern.pk, "宠物肖像")


def test_users_and_reviewers_cannot_write_templates_and_strangers_see_nothing(world):
    template = make_template(world.lantern, world.ada)

    for person, refusal in (
        (world.uma, NotPermitted),
        (world.rita, NotPermitted),
        (world.paul, NotPermitted),
        (world.mallory, NotVisible),
    ):
        access = access_of(person)
        with pytest.raises(refusal):
            create(world, person, name="Mine")
        with pytest.raises(refusal):
            save_draft(access=access, template=template, prompt="x")
        with pytest.raises(refusal):
            publish_version(access=access, template=template)
        with pytest.raises(refusal):
            retire_template(access=access, template=template)
        with pytest.raises(refusal):
            restore_template(access=access, template=template)
        with pytest.raises(refusal):
            rename_template(access=access, template=template, name="x", description="")


def test_a_process_cannot_write_templates(world):
    with pytest.raises(NotPermitted):
        create_template(
            access=Access.system("importer"), organization=world.lantern, name="x", prompt="x"
        )


def test_two_templates_of_an_organization_cannot_share_a_name(world):
    template = create(world)
    other = create(world, name="Other")
    retire_template(access=access_of(world.ada), template=template)

    with pytest.raises(InvalidInput) as refused:
        create(world)
    with pytest.raises(InvalidInput):
        rename_template(
            access=access_of(world.ada), template=other, name=template.name, description=""
        )

    assert refused.value.field == "name"
    make_template(world.harbour, world.mallory, name=template.name)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": "  "}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"description": "x" * 301}, "description"),
        ({"prompt": " "}, "prompt"),
        ({"prompt": "x" * 4001}, "prompt"),
        ({"negative_prompt": "x" * 4001}, "negative_prompt"),
        ({"prompt": "a {subject"}, "prompt"),
        ({"prompt": "a subject}"}, "prompt"),
        ({"prompt": "a {1st} try"}, "prompt"),
        ({"suggestions": Suggestions(width=1000)}, "width"),
        ({"suggestions": Suggestions(height=128)}, "height"),
        ({"suggestions": Suggestions(steps=0)}, "steps"),
        ({"suggestions": Suggestions(cfg=31)}, "cfg"),
        ({"suggestions": Suggestions(examples={"主体": "x" * 201})}, "examples"),
    ],
)
def test_a_wrong_value_is_named(world, wrong, field):
    with pytest.raises(InvalidInput) as refused:
        create(world, **wrong)

    assert refused.value.field == field
    assert not PromptTemplate.objects.exists()


def test_the_sentence_about_a_brace_says_where_it_stands(world):
    with pytest.raises(InvalidInput) as refused:
        create(world, prompt="a {1st} try")

    assert "“1st” between braces at character 3" in refused.value.sentence


def test_a_draft_is_edited_in_place(world):
    template = create(world)

    draft = save_draft(access=access_of(world.ada), template=template, prompt="  A {thing}  ")

    assert (draft.number, draft.prompt, draft.defaults) == (1, "A {thing}", {})
    assert template.versions.count() == 1


def test_a_published_version_never_changes_and_the_next_edit_starts_another(world):
    template = make_template(world.lantern, world.ada)
    first = template.versions.get()

    second = save_draft(access=access_of(world.ada), template=template, prompt="{主体}在奔跑")

    first.refresh_from_db()
    assert (first.prompt, first.status) == (PROMPT, VersionStatus.PUBLISHED)
    assert (second.number, second.status) == (2, VersionStatus.DRAFT)
    first.prompt = "something else"
    with pytest.raises(TypeError):
        first.save()
    assert TemplateVersion.objects.get(pk=first.pk).prompt == PROMPT


def test_unchanged_words_start_no_new_version(world):
    template = make_template(world.lantern, world.ada)

    version = save_draft(access=access_of(world.ada), template=template, prompt=f" {PROMPT} ")

    assert (version.number, version.status) == (1, VersionStatus.PUBLISHED)
    assert template.versions.count() == 1


def test_publishing_says_who_and_when(world):
    template = create(world)

    version = publish_version(access=access_of(world.ada), template=template)

    assert (version.status, version.published_by) == (VersionStatus.PUBLISHED, world.ada)
    assert version.published_at is not None
    event = AuditEvent.objects.get(action="assets.template.published")
    assert event.data == {"version": 1}


def test_without_a_draft_there_is_nothing_to_publish(world):
    template = make_template(world.lantern, world.ada)

    with pytest.raises(InvalidTransition, match="no draft"):
        publish_version(access=access_of(world.ada), template=template)


def test_a_retired_template_is_restored_before_it_is_published(world):
    access = access_of(world.ada)
    template = create(world)
    retire_template(access=access, template=template)

    with pytest.raises(InvalidTransition, match="Restore it first"):
        publish_version(access=access, template=template)
    with pytest.raises(InvalidTransition):
        retire_template(access=access, template=template)
    restore_template(access=access, template=template)
    with pytest.raises(InvalidTransition):
        restore_template(access=access, template=template)
    publish_version(access=access, template=template)

    actions = AuditEvent.objects.order_by("id").values_list("action", flat=True)
    assert list(actions) == [
        "assets.template.created",
        "assets.template.retired",
        "assets.template.restored",
        "assets.template.published",
    ]


def test_renaming_keeps_the_words_and_is_recorded_once(world):
    access = access_of(world.ada)
    template = make_template(world.lantern, world.ada)

    rename_template(access=access, template=template, name="Pets", description="On grass")
    rename_template(access=access, template=template, name="Pets", description="On grass")

    template.refresh_from_db()
    assert (template.name, template.description) == ("Pets", "On grass")
    event = AuditEvent.objects.get(action="assets.template.renamed")
    assert event.data == {"before": "宠物肖像", "after": "Pets"}
