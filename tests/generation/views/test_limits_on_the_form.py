"""What the form that asks for pictures says about the limits before anybody runs into them."""

from __future__ import annotations

import pytest

from generation.actions.models import register_model
from generation.actions.policies import change_policy
from generation.limits import HoursRule, PolicyValues
from generation.models import GenerationRequest
from tests.builders import World, access_of, open_at_all_hours
from tests.clock import Clock
from tests.generation.builders import (
    SYSTEM,
    ask_for,
    make_preview_model,
    make_runner,
    run_all,
)
from tests.generation.views.test_asking import address, filled

WEEK = {
    "timezone": "Asia/Shanghai",
    "windows": {str(day): [["09:00", "18:00"]] for day in range(5)},
}

pytestmark = pytest.mark.django_db


def limit(world: World, **said: object) -> None:
    change_policy(access=access_of(world.ada), project=world.pets, values=PolicyValues(**said))


@pytest.mark.parametrize(
    "case",
    [
        ({"max_side": 256}, {"width": "512"}, "width", "The largest side in this project is 256"),
        (
            {"max_pixels": 262_144},
            {"width": "1024", "height": "512"},
            "width",
            "at most 262,144 pixels: at a width of 1024 it can be 256 high.",
        ),
        ({"min_steps": 4}, {"steps": "3"}, "steps", "Choose between 4 and 50 steps."),
        ({"max_steps": 4}, {"steps": "5"}, "steps", "Choose between 1 and 4 steps."),
        (
            {"max_images_per_request": 1},
            {"count": "2"},
            "count",
            "One request can hold 1 to 1 pictures in this project.",
        ),
        (
            {"max_waiting_per_person": 1},
            {"count": "2"},
            "__all__",
            "You have 0 pictures waiting in this project and may have 1.",
        ),
        ({"person_images_per_day": 1}, {"count": "2"}, "__all__", "This needs 2 pictures, and"),
        (
            {"hours_rule": HoursRule.REFUSE, "hours": {"timezone": "UTC", "windows": {}}},
            {},
            "__all__",
            "Pictures are made in the working hours only, and none are set.",
        ),
    ],
)
def test_each_limit_is_said_where_it_belongs_and_nothing_is_written(
    world: World, client_for, case: tuple
) -> None:
    said, typed, field, sentence = case
    make_preview_model()
    limit(world, **said)

    answer = client_for(world.uma).post(address(world.pets), filled(**typed))

    assert answer.status_code == 422
    assert sentence in str(answer.context["form"].errors[field])
    assert sentence in answer.content.decode()
    assert not GenerationRequest.objects.exists()


def test_asking_too_often_is_said_on_the_form(world: World, client_for) -> None:
    make_preview_model()
    limit(world, max_requests_per_minute=1)
    client = client_for(world.uma)

    assert client.post(address(world.pets), filled()).status_code == 302
    answer = client.post(address(world.pets), filled())

    assert answer.status_code == 422
    assert "You may ask once in a minute. Try again in" in answer.content.decode()


def test_few_pictures_are_buttons_and_many_are_a_number(world: World, client_for) -> None:
    make_preview_model()
    client = client_for(world.uma)
    open_at_all_hours(world.lantern, max_images_per_request=8)
    page = client.get(address(world.pets)).content.decode()
    assert page.count('type="radio" name="count"') == 8

    open_at_all_hours(world.lantern, max_images_per_request=200, max_waiting_per_person=200)
    page = client.get(address(world.pets)).content.decode()

    assert 'type="radio" name="count"' not in page
    assert 'name="count"' in page
    assert 'max="200"' in page
    assert "1 to 200" in page
    refused = client.post(address(world.pets), filled(count="201"))
    assert "One request can hold 1 to 200 pictures" in refused.content.decode()
    assert client.post(address(world.pets), filled(count="many")).status_code == 422
    assert client.post(address(world.pets), filled(count="120")).status_code == 302
    assert GenerationRequest.objects.get().jobs.count() == 120


def test_asking_again_for_more_than_is_allowed_now_begins_with_the_most(
    world: World, client_for
) -> None:
    request = ask_for(world.pets, world.uma, count=4)
    limit(world, max_images_per_request=2)

    page = client_for(world.uma).get(f"{address(world.pets)}?again={request.pk}")

    assert page.context["form"]["count"].value() == 2


@pytest.mark.parametrize(("said", "steps"), [({"max_steps": 4}, 4), ({"min_steps": 20}, 20)])
def test_the_steps_that_suit_the_model_are_brought_into_the_range(
    world: World, client_for, said: dict, steps: int
) -> None:
    make_preview_model()
    limit(world, **said)
    client = client_for(world.uma)

    page = client.get(address(world.pets))

    assert page.context["form"]["steps"].value() == steps
    assert f'data-steps="{steps}"' in page.content.decode()
    assert client.post(address(world.pets), filled(steps="")).status_code == 302
    assert GenerationRequest.objects.get().steps == steps


def test_pixels_are_told_where_the_largest_sides_are_too_much(world: World, client_for) -> None:
    make_preview_model()
    client = client_for(world.uma)
    assert "Width times height" not in client.get(address(world.pets)).content.decode()

    limit(world, max_pixels=300_000)

    page = client.get(address(world.pets))
    assert "Width times height: at most 300,000 pixels." in page.content.decode()
    assert all(size.width * size.height <= 300_000 for size in page.context["offer"].sizes)


def test_models_that_may_not_be_used_are_not_offered_and_that_is_said(
    world: World, client_for
) -> None:
    make_preview_model()
    other = register_model(access=SYSTEM, name="Other", revision="1", engine="preview")
    client = client_for(world.uma)
    note = "The site has other models. An admin decides which may be used."
    assert note not in client.get(address(world.pets)).content.decode()
    limit(world, allowed_models=[other.pk])

    page = client.get(address(world.pets))

    form = page.context["form"]
    assert form.fields["model_version"].choices == [(str(other.pk), "Other")]
    assert note in page.content.decode()
    refused = client.post(address(world.pets), filled())  # the preview model, which stands first
    assert "This model is not available. Choose another one." in refused.content.decode()


def test_without_any_model_left_the_page_says_whom_to_ask(world: World, client_for) -> None:
    model = make_preview_model()
    other = register_model(access=SYSTEM, name="Other", revision="1", engine="preview")
    limit(world, allowed_models=[model.pk])
    open_at_all_hours(world.lantern, allowed_models=[other.pk])

    page = client_for(world.uma).get(address(world.pets))

    assert "No model may be used in this project at the moment." in page.content.decode()


@pytest.mark.parametrize(
    "case",
    [
        (
            HoursRule.KEEP,
            "2026-12-01T20:00:00+08:00",
            "Outside the working hours requests wait. Pictures start tomorrow at 09:00.",
        ),
        (
            HoursRule.KEEP,
            "2026-12-01T07:00:00+08:00",
            "Outside the working hours requests wait. Pictures start at 09:00.",
        ),
        (
            HoursRule.REFUSE,
            "2026-12-05T20:00:00+08:00",
            "Pictures can be asked for in the working hours only. They begin Mon at 09:00.",
        ),
    ],
)
def test_outside_the_working_hours_the_form_says_what_asking_comes_to(
    world: World, client_for, clock: Clock, case: tuple[HoursRule, str, str]
) -> None:
    rule, now, note = case
    clock.set(now)
    make_preview_model()
    limit(world, hours_rule=rule, hours=WEEK)
    client = client_for(world.uma)

    assert note in client.get(address(world.pets)).content.decode()
    clock.set("2026-12-02T09:00:00+08:00")
    assert client.get(address(world.pets)).context["hours_note"] is None


def test_hours_that_never_open_are_said(world: World, client_for) -> None:
    make_preview_model()
    limit(world, hours_rule=HoursRule.KEEP, hours={"timezone": "UTC", "windows": {}})

    page = client_for(world.uma).get(address(world.pets)).content.decode()

    assert "The working hours leave no time to make pictures in. Ask an admin." in page


def test_without_a_quota_nothing_is_said_about_any(world: World, client_for) -> None:
    make_preview_model()

    page = client_for(world.uma).get(address(world.pets))

    assert page.context["usage"] is None
    assert "ask-usage" not in page.content.decode()


def test_the_tightest_quota_and_ones_own_use_stand_on_the_form(
    world: World, client_for, clock: Clock
) -> None:
    clock.set("2026-12-01T10:00:00+08:00")
    limit(world, person_images_per_day=40, images_per_day=10)
    ask_for(world.pets, world.uma, count=3)
    ask_for(world.pets, world.rita, count=4)
    run_all(make_runner())

    usage = client_for(world.uma).get(address(world.pets)).context["usage"]

    assert usage.own.owner == "You, in this project"
    assert usage.own.sentence == "3 of 40 pictures today; anew at 00:00"
    assert usage.tightest.owner == "Everybody, in this project"
    assert usage.tightest.sentence == "7 of 10 pictures today; anew at 00:00"
    page = client_for(world.uma).get(address(world.pets)).content.decode()
    assert "3 of 40 pictures today; anew at 00:00" in page


def test_ones_own_quota_is_said_once_when_it_is_the_tightest(world: World, client_for) -> None:
    limit(world, person_images_per_day=4, images_per_day=10)
    ask_for(world.pets, world.uma, count=4)

    usage = client_for(world.uma).get(address(world.pets)).context["usage"]

    assert usage.own is None
    assert (usage.tightest.percent, usage.tightest.state) == (100, "full")
    assert usage.tightest.waiting == "4 of them wait or run"
