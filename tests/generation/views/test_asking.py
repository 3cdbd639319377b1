"""The page that asks for pictures."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Project
from assets.models import Image, TemplateVersion
from assets.suggestions import Suggestions
from generation.actions.policies import change_policy
from generation.limits import PolicyValues
from generation.models import GenerationRequest, ModelVersion
from tests.assets.builders import make_template
from tests.builders import World, access_of
from tests.generation.builders import ask_for, make_preview_model, make_runner, run_all

PANDA = "可爱的卡通{主体}，{动作}姿势"

pytestmark = pytest.mark.django_db


def address(project: Project) -> str:
    return reverse("generation:create", kwargs={"project_id": project.pk})


def filled(**changes: object) -> dict[str, object]:
    """The form as a browser sends it."""
    return {
        "ticket": str(uuid4()),
        "prompt": "一只金毛犬，坐在草地上",
        "negative_prompt": "低质量，模糊",
        "width": "128",
        "height": "128",
        "steps": "2",
        "cfg": "1",
        "seed": "123456",
        "count": "2",
        "model_version": str((ModelVersion.objects.first() or make_preview_model()).pk),
        **changes,
    }


def published(world: World, prompt: str) -> TemplateVersion:
    """A template of Lantern's library."""
    return make_template(world.lantern, world.ada, prompt=prompt).versions.get()


def archived(world: World, **changes: object) -> Image:
    """A picture of Uma's in the archive."""
    request = ask_for(world.pets, world.uma, **changes)
    run_all(make_runner())
    return Image.objects.get(request_id=request.pk)


def test_uma_asks_for_two_pictures_and_stays_at_the_bench(world: World, client_for) -> None:
    make_preview_model()
    client = client_for(world.uma)

    answer = client.post(address(world.pets), filled())

    request = GenerationRequest.objects.get()
    assert (request.prompt, request.seed, request.count) == ("一只金毛犬，坐在草地上", 123456, 2)
    assert request.created_by == world.uma
    assert answer.status_code == 302
    assert answer.url == f"{address(world.pets)}?again={request.pk}#bench"
    page = client.get(answer.url).content.decode()
    assert f'request="{request.pk}"' in page
    assert "一只金毛犬，坐在草地上</textarea>" in page


def test_a_random_seed_stays_random_at_the_bench(world: World, client_for) -> None:
    make_preview_model()

    answer = client_for(world.uma).post(address(world.pets), filled(random_seed="on", seed=""))

    assert "seed=random" in answer.url


def test_sending_the_form_twice_asks_once(world: World, client_for) -> None:
    make_preview_model()
    client, form = client_for(world.uma), filled()

    first, second = client.post(address(world.pets), form), client.post(address(world.pets), form)

    assert GenerationRequest.objects.count() == 1
    assert first.url == second.url


def test_every_opening_of_the_form_has_a_ticket_of_its_own(world: World, client_for) -> None:
    make_preview_model()
    client = client_for(world.uma)

    pages = [client.get(address(world.pets)) for _ in range(2)]

    tickets = {re.search(r'name="ticket" value="([^"]+)"', str(page.content))[1] for page in pages}
    assert len(tickets) == 2
    assert "no-store" in pages[0]["Cache-Control"]


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("prompt", "  \n ", "Say what the picture should show."),
        ("prompt", "长" * 4001, "at most 4000 characters"),
        ("width", "1040", "The largest side in this project is 1024 pixels."),
        ("width", "9" * 400, "The largest side in this project is 1024 pixels."),
        ("width", "9" * 5000, "Enter a whole number."),
        ("width", "", "This field is required."),
        ("height", "1000", "try 992"),
        ("height", "-16", "The smallest side is 64 pixels."),
        ("steps", "51", "Choose between 1 and 50 steps."),
        ("steps", "1.5", "Enter a whole number."),
        ("cfg", "NaN", "Enter a number."),
        ("cfg", "inf", "Enter a number."),
        ("cfg", "-1", "Choose a CFG between 0 and 30."),
        ("seed", str(2**63), "A seed is a whole number"),
        ("seed", "", "Type a seed, or let it be random."),
        ("count", "9", "One request can hold 1 to 4 pictures"),
        ("model_version", "424242", "This model is not available."),
        ("template_version", "424242", "This template is no longer available."),
    ],
)
def test_nonsense_gets_a_sentence_beside_its_field(
    world: World, client_for, field: str, typed: str, sentence: str
) -> None:
    make_preview_model()

    answer = client_for(world.uma).post(address(world.pets), filled(**{field: typed}))

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert sentence in str(answer.context["form"].errors[field])
    assert not GenerationRequest.objects.exists()


def test_full_width_digits_of_a_chinese_keyboard_are_numbers(world: World, client_for) -> None:
    make_preview_model()

    client_for(world.uma).post(address(world.pets), filled(width="１２８", seed="７"))

    request = GenerationRequest.objects.get()
    assert (request.width, request.seed) == (128, 7)


def test_a_refused_form_keeps_what_was_typed(world: World, client_for) -> None:
    make_preview_model()

    page = client_for(world.uma).post(
        address(world.pets), filled(width="100", negative_prompt="模糊<b>", count="3")
    )

    text = page.content.decode()
    assert "一只金毛犬，坐在草地上</textarea>" in text
    assert "模糊&lt;b&gt;</textarea>" in text
    assert 'name="width" value="100"' in text
    assert re.search(r'name="count" value="3"[^>]*checked', text)


def test_an_empty_form_answers_in_sentences(world: World, client_for) -> None:
    make_preview_model()

    answer = client_for(world.uma).post(address(world.pets), {})

    assert answer.status_code == 422
    assert "Say what the picture should show." in answer.content.decode()


def test_too_many_waiting_pictures_are_refused_on_the_page(world: World, client_for) -> None:
    change_policy(
        access=access_of(world.ada),
        project=world.pets,
        values=PolicyValues(max_waiting_per_person=2),
    )
    ask_for(world.pets, world.uma, count=2)

    answer = client_for(world.uma).post(address(world.pets), filled(count="1"))

    assert answer.status_code == 422
    assert "You have 2 pictures waiting in this project and may have 2." in answer.content.decode()


def test_steps_and_cfg_left_empty_are_the_models(world: World, client_for) -> None:
    model = make_preview_model()
    ModelVersion.objects.filter(pk=model.pk).update(default_steps=6, default_cfg=2.5)

    client_for(world.uma).post(address(world.pets), filled(steps="", cfg=""))

    request = GenerationRequest.objects.get()
    assert (request.steps, request.cfg) == (6, 2.5)


def test_the_form_shows_the_projects_limits_and_the_models_defaults(
    world: World, client_for
) -> None:
    model = make_preview_model()
    ModelVersion.objects.filter(pk=model.pk).update(default_steps=6)
    change_policy(
        access=access_of(world.ada),
        project=world.pets,
        values=PolicyValues(max_side=512, max_images_per_request=2),
    )

    page = client_for(world.uma).get(address(world.pets)).content.decode()

    assert re.search(r'name="width" value="512"[^>]*max="512"', page)
    assert re.search(r'name="steps" value="6"', page)
    assert 'name="count" value="2"' in page
    assert 'name="count" value="3"' not in page


def test_use_these_settings_fills_in_everything_of_an_image(world: World, client_for) -> None:
    image = archived(world, seed=88415, width=160, height=96, steps=3, cfg=2.5)

    page = client_for(world.uma).get(address(world.pets), {"from": image.uid})

    form, text = page.context["form"], page.content.decode()
    values = {name: form[name].value() for name in ("prompt", "negative_prompt", "width", "height")}
    assert values == {
        "prompt": "一只金毛犬，坐在草地上",
        "negative_prompt": "低质量，模糊",
        "width": 160,
        "height": 96,
    }
    assert 'name="steps" value="3"' in text
    assert 'name="cfg" value="2.5"' in text
    assert 'name="seed" value="88415"' in text
    assert not form["random_seed"].value()
    assert f'name="parent" value="{image.uid}"' in text


def test_use_these_settings_can_leave_the_seed_to_chance(world: World, client_for) -> None:
    image = archived(world)

    page = client_for(world.uma).get(address(world.pets), {"from": image.uid, "seed": "random"})

    assert page.context["form"]["random_seed"].value()
    assert "123456" not in str(page.context["form"]["seed"])


def test_the_picture_that_the_settings_came_from_becomes_the_parent(
    world: World, client_for
) -> None:
    image = archived(world)

    client_for(world.uma).post(address(world.pets), filled(parent=str(image.uid)))

    assert GenerationRequest.objects.latest("created_at").parent_image == image


def test_a_foreign_parent_is_not_taken(world: World, client_for) -> None:
    image = archived(world)

    answer = client_for(world.mallory).post(
        address(world.harbour_project), filled(parent=str(image.uid))
    )

    assert answer.status_code == 302
    request = GenerationRequest.objects.get(created_by=world.mallory)
    assert request.parent_image is None


def test_nobody_uses_the_settings_of_a_picture_they_cannot_see(world: World, client_for) -> None:
    image = archived(world)

    answer = client_for(world.mallory).get(address(world.harbour_project), {"from": image.uid})

    assert answer.status_code == 404
    assert "金毛犬" not in answer.content.decode()


@pytest.mark.parametrize(
    "query",
    [
        {"from": "not-a-uid"},
        {"from": str(uuid4())},
        {"again": str(uuid4())},
        {"template": "0"},
        {"template": "99999999999999999999"},
        {"template": "x"},
        {"template": "424242"},
    ],
)
def test_an_address_that_names_nothing_leads_nowhere(
    world: World, client_for, query: dict[str, str]
) -> None:
    make_preview_model()

    assert client_for(world.uma).get(address(world.pets), query).status_code == 404


def test_a_template_opens_with_its_variables_and_a_preview(world: World, client_for) -> None:
    make_preview_model()
    template = make_template(
        world.lantern,
        world.ada,
        prompt=PANDA,
        suggestions=Suggestions(steps=4, examples={"主体": "熊猫"}),
    )

    page = client_for(world.uma).get(address(world.pets), {"template": template.pk})

    form, text = page.context["form"], page.content.decode()
    assert [field.label for field in form.variable_fields()] == ["主体", "动作"]
    assert 'name="value_0" value="熊猫"' in text
    assert '可爱的卡通<mark data-variable="value_0">熊猫</mark>，' in text
    assert 'name="steps" value="4"' in text
    assert "prompt" not in form.fields


def test_a_template_is_filled_and_asked_for(world: World, client_for) -> None:
    make_preview_model()
    version = published(world, PANDA)
    form = filled(template_version=str(version.pk), value_0="熊猫", value_1="奔跑")
    del form["prompt"]

    answer = client_for(world.uma).post(address(world.pets), form)

    request = GenerationRequest.objects.get()
    assert request.prompt == "可爱的卡通熊猫，奔跑姿势"
    assert request.template_values == {"主体": "熊猫", "动作": "奔跑"}
    again = client_for(world.uma).get(answer.url).content.decode()
    assert 'name="value_1" value="奔跑"' in again


def test_an_empty_variable_is_asked_for_by_its_name(world: World, client_for) -> None:
    make_preview_model()
    version = published(world, PANDA)

    answer = client_for(world.uma).post(
        address(world.pets), filled(template_version=str(version.pk), value_0="熊猫")
    )

    assert answer.status_code == 422
    assert "Fill in “动作”." in str(answer.context["form"].errors["value_1"])
    assert 'name="value_0" value="熊猫"' in answer.content.decode()


def test_a_foreign_template_is_not_available(world: World, client_for) -> None:
    make_preview_model()
    version = published(world, "Lantern's {secret} words")
    client = client_for(world.mallory)

    opened = client.get(address(world.harbour_project), {"template": version.template_id})
    sent = client.post(
        address(world.harbour_project), filled(template_version=str(version.pk), value_0="x")
    )

    assert opened.status_code == 404
    assert sent.status_code == 422
    assert "Lantern" not in sent.content.decode()
    assert not GenerationRequest.objects.exists()


def test_without_a_worker_the_page_says_that_requests_wait(world: World, client_for) -> None:
    make_preview_model()
    client, sentence = client_for(world.uma), "No worker is running; your request will wait."

    assert sentence in client.get(address(world.pets)).content.decode()
    make_runner()
    assert sentence not in client.get(address(world.pets)).content.decode()


def test_a_preview_model_is_called_one(world: World, client_for) -> None:
    make_preview_model()
    client, sentence = client_for(world.uma), "These are preview pictures"

    assert sentence in client.get(address(world.pets)).content.decode()
    ModelVersion.objects.update(is_preview=False)
    assert sentence not in client.get(address(world.pets)).content.decode()


def test_an_idle_negative_prompt_is_pointed_out_but_taken(world: World, client_for) -> None:
    make_preview_model()
    ModelVersion.objects.update(is_preview=False)
    client = client_for(world.uma)

    refused = client.post(address(world.pets), filled(width="1"))
    effective = client.post(address(world.pets), filled(width="1", cfg="4"))

    assert refused.context["form"].negative_is_idle
    assert not effective.context["form"].negative_is_idle
    assert client.post(address(world.pets), filled()).status_code == 302


def test_a_site_without_models_says_so(world: World, client_for) -> None:
    page = client_for(world.uma).get(address(world.pets))

    assert page.status_code == 200
    assert "No model is available at the moment." in page.content.decode()


def test_the_bench_shows_only_ones_own_work_in_this_project(world: World, client_for) -> None:
    mine = ask_for(world.pets, world.uma)
    others = ask_for(world.pets, world.rita)
    elsewhere = ask_for(world.products, world.uma)

    page = client_for(world.uma).get(address(world.pets)).content.decode()

    assert str(mine.pk) in page
    assert str(others.pk) not in page
    assert str(elsewhere.pk) not in page


def test_the_bench_asks_as_many_questions_for_many_requests(world: World, client_for) -> None:
    client = client_for(world.uma)
    archived(world)
    ask_for(world.pets, world.uma)
    client.get(address(world.pets))
    with CaptureQueriesContext(connection) as few:
        client.get(address(world.pets))
    for _ in range(4):
        ask_for(world.pets, world.uma, count=4)

    with CaptureQueriesContext(connection) as many:
        client.get(address(world.pets))

    assert len(many) == len(few)
