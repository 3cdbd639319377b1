"""The estimate beside the button: the same numbers as the line has once the ask is sent."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from generation.actions.policies import change_policy
from generation.limits import HoursRule, PolicyValues
from generation.models import (
    CircuitBreaker,
    GenerationJob,
    GenerationRequest,
    ModelVersion,
    UsagePolicy,
    Worker,
    WorkerSlot,
)
from generation.queries.places import line_of
from generation.types import JobStatus, WorkerState
from generation.working_hours import WorkingHours
from tests.builders import World, access_of
from tests.generation.builders import ask_for, make_preview_model, make_runner
from tests.portal.walking import rows

pytestmark = pytest.mark.django_db

GB = 2**30


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def model(world: World) -> ModelVersion:
    return make_preview_model()


@pytest.fixture
def ask(world: World, client_for, model: ModelVersion):
    """`ask(width=512)` is the fragment that Uma gets, without markup."""
    client = client_for(world.uma)

    def ask(project=world.pets, **changes: object) -> str:
        return words(client.get(address(project), numbers(model, **changes)))

    return ask


def address(project) -> str:
    return reverse("generation:estimate", kwargs={"project_id": project.pk})


def numbers(model: ModelVersion, **changes: object) -> dict[str, object]:
    """What the island sends: the form without its words."""
    said = {"width": 128, "height": 128, "steps": 2, "cfg": 1, "count": 1}
    return {**said, "model_version": model.pk, **changes}


def words(answer) -> str:
    assert answer.status_code == 200
    text = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return " ".join(html.unescape(text).split())


def allow(world: World, **values: object) -> None:
    change_policy(access=access_of(world.ada), project=world.pets, values=PolicyValues(**values))


def test_it_says_what_it_costs_and_when_it_comes(ask) -> None:
    make_runner()

    assert ask() == "About 1 s of GPU time for 1 picture Done in a few seconds"
    assert ask(width=1024, height=1024, steps=50, count=4).startswith(
        "About 115 s of GPU time for 4 pictures Starts at once · Done in about"
    )


def test_it_says_what_the_line_says_once_the_ask_is_sent(
    world: World, client_for, model: ModelVersion
) -> None:
    make_runner()
    for person in (world.rita, world.ada, world.uma):
        ask_for(world.pets, person, count=3, steps=40, width=1024, height=1024)
    asked = {"width": 1024, "height": 1024, "steps": 30, "count": 2}

    said = words(client_for(world.uma).get(address(world.pets), numbers(model, **asked)))

    request = ask_for(world.pets, world.uma, **asked)
    first, last = request.jobs.order_by("index")
    line = line_of(GenerationJob.objects.all())
    starts = line.place_of(first).starts_words()
    done = line.place_of(last).done_words()
    assert said.endswith(f"{starts} · {done}")
    assert re.search(r"\d", starts)


def test_nothing_is_written_and_nothing_is_asked_for(world: World, ask) -> None:
    before = rows()

    ask(count=4)

    assert rows() == before


@pytest.mark.parametrize("start", ["now", "background"])
def test_background_work_may_start_later(ask, world: World, start: str) -> None:
    make_runner()
    ask_for(world.pets, world.rita, count=2, steps=50, width=1024, height=1024)

    assert ("or later" in ask(start=start)) == (start == "background")


@pytest.mark.parametrize(
    ("arrange", "sentence"),
    [
        (lambda: None, "No worker is running; your request will wait."),
        (
            lambda: (make_runner(), WorkerSlot.objects.update(state=WorkerState.PAUSED)),
            "The operator of the site has paused the workers that could make it.",
        ),
        (
            lambda: (
                make_runner(),
                CircuitBreaker.objects.create(
                    slot=WorkerSlot.objects.get(),
                    model_version=ModelVersion.objects.get(),
                    failures=5,
                    open_until=timezone.now() + timedelta(minutes=5),
                    code="out_of_memory",
                ),
            ),
            "The model is paused after 5 failures and is tried again",
        ),
    ],
)
def test_what_is_in_the_way_is_said_before(ask, arrange, sentence: str) -> None:
    arrange()

    assert sentence in ask()


def test_closed_hours_are_said_with_when_they_begin(world: World, ask) -> None:
    make_runner()
    day = (timezone.now() + timedelta(days=2)).weekday()
    hours = WorkingHours.from_json(
        {"timezone": "UTC", "windows": {str(day): [["09:00", "10:00"]]}}
    ).to_json()
    allow(world, hours_rule=HoursRule.KEEP.value, hours=hours)

    kept = ask()
    allow(world, hours_rule=HoursRule.REFUSE.value, hours=hours)
    refused = ask()

    when = r"(\w{3}|tomorrow) at \d\d:\d\d"  # what is tomorrow depends on the reader's clock
    assert re.search(rf"Done {when} The working hours begin {when}\.", kept)
    assert "Pictures are made in the working hours only. They begin" in refused
    assert "Done" not in refused


def test_it_says_how_much_of_the_tightest_quota_it_uses(world: World, ask) -> None:
    make_runner()
    allow(world, person_images_per_day=20, images_per_month=1000)

    assert "Uses 20 % of what you have left today" in ask(count=4)
    run = ask_for(world.pets, world.uma, count=4)
    assert "Uses 25 % of what you have left today" in ask(count=4)  # those that wait count
    run.jobs.all().delete()
    allow(world, images_per_month=1000)
    assert "Uses 1 % of what everybody together has left this month" in ask(count=1)


def test_what_would_be_refused_says_so_before(world: World, ask) -> None:
    make_runner()
    allow(world, person_images_per_day=2, max_waiting_per_person=40)
    ask_for(world.pets, world.uma, count=2)

    said = ask()

    assert "You have used 2 of 2 pictures today in this project." in said
    assert "Done" not in said
    assert "Uses" not in said


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"width": "1040"}, "The largest side in this project is 1024 pixels."),
        ({"steps": "99"}, "Choose between 1 and 50 steps."),
        ({"width": ""}, ""),
        ({"width": "1"}, "The smallest side is 64 pixels."),
        ({"cfg": "nan"}, "Enter a number."),
        ({"width": "9" * 5000}, "Enter a whole number."),
        ({"count": "x"}, "One request can hold 1 to 4 pictures in this project."),
        ({"model_version": "424242"}, "This model is not available. Choose another one."),
    ],
)
def test_numbers_that_cannot_be_get_the_sentence_of_the_form(
    ask, changes: dict[str, str], sentence: str
) -> None:
    assert ask(**changes) == sentence


def test_the_memory_of_the_gpus_marks_the_sizes(world: World, client_for, model) -> None:
    make_runner()
    Worker.objects.update(free_bytes=7 * GB, held_bytes=0)
    client = client_for(world.uma)

    large = client.get(address(world.pets), numbers(model, width=1024, height=1024))
    small = client.get(address(world.pets), numbers(model, width=512, height=512))
    shrunk = client.get(
        address(world.pets), numbers(model, width=1024, height=1024, may_shrink="on")
    )

    marked = re.search(r'data-too-large="([^"]*)"', small.content.decode())
    assert "1024x1024" in marked[1].split()
    assert (
        "Memory is short: there is room for 768\xa0×\xa0768 pixels now." in large.content.decode()
    )
    assert "Sizes with a dashed frame" in words(small)
    assert "Memory is short" not in words(small)
    assert "It will be made smaller, at most 768 × 768 pixels" in words(shrunk)
    assert "Done in" in words(shrunk)
    assert "Done in" not in words(large)


def test_memory_that_nobody_tells_marks_nothing(ask, client_for, world: World, model) -> None:
    make_runner()

    answer = client_for(world.uma).get(address(world.pets), numbers(model, width=1024, height=1024))

    assert "data-too-large" not in answer.content.decode()


def test_one_worker_with_room_is_enough(world: World, ask) -> None:
    make_runner()
    Worker.objects.update(free_bytes=7 * GB)
    second = Worker.objects.get()
    second.pk, second.free_bytes = uuid4(), 20 * GB
    second.save(force_insert=True)

    assert "Memory is short" not in ask(width=1024, height=1024)


def test_the_box_for_smaller_pictures_is_there_where_memory_matters(
    world: World, client_for, model
) -> None:
    client = client_for(world.uma)
    page = reverse("generation:create", kwargs={"project_id": world.pets.pk})

    assert "may_shrink" not in client.get(page).content.decode()
    make_runner()
    Worker.objects.update(free_bytes=20 * GB)
    assert 'name="may_shrink"' in client.get(page).content.decode()
    UsagePolicy.objects.create(project=world.pets, shrink=True)  # then it is done anyway
    assert "may_shrink" not in client.get(page).content.decode()


def test_the_form_and_the_api_let_a_picture_be_made_smaller(
    world: World, client_for, model
) -> None:
    page = reverse("generation:create", kwargs={"project_id": world.pets.pk})
    form = {**numbers(model), "ticket": str(uuid4()), "prompt": "a dog", "random_seed": "on"}

    client_for(world.uma).post(page, {**form, "may_shrink": "on"})
    client_for(world.uma).post(
        f"/api/v1/projects/{world.pets.pk}/requests/",
        {"prompt": "a cat", "may_shrink": True},
        content_type="application/json",
    )

    asked = GenerationRequest.objects.order_by("created_at")
    assert [each.may_shrink for each in asked] == [True, True]
    again = client_for(world.uma).get(page, {"again": asked[0].pk})
    assert again.context["form"]["may_shrink"].value() is True


def test_the_page_comes_with_the_estimate_of_its_form(world: World, client_for, model) -> None:
    make_runner()
    page = reverse("generation:create", kwargs={"project_id": world.pets.pk})

    text = client_for(world.uma).get(page).content.decode()

    assert f'<ask-estimate src="{address(world.pets)}"' in text
    assert "of GPU time for 1 picture" in text


def test_a_refused_form_keeps_its_estimate(world: World, client_for, model) -> None:
    make_runner()
    page = reverse("generation:create", kwargs={"project_id": world.pets.pk})

    answer = client_for(world.uma).post(page, {**numbers(model, count=3), "prompt": ""})

    assert answer.status_code == 422
    assert "of GPU time for 3 pictures" in answer.content.decode()


def test_a_site_without_models_estimates_nothing(world: World, client_for) -> None:
    answer = client_for(world.uma).get(address(world.pets))

    assert words(answer) == ""


def test_only_who_may_ask_gets_an_estimate(world: World, client_for, client, model) -> None:
    query = numbers(model)

    assert client_for(world.paul).get(address(world.pets), query).status_code == 200
    assert client_for(world.paul).get(address(world.products), query).status_code == 404
    assert client_for(world.mallory).get(address(world.pets), query).status_code == 404
    assert client.get(address(world.pets), query).status_code == 302
    assert client_for(world.uma).post(address(world.pets), query).status_code == 405


def test_it_takes_as_many_questions_however_long_the_line_is(
    world: World, client_for, model
) -> None:
    client = client_for(world.uma)
    make_runner()
    allow(world, person_images_per_day=500)
    ask_for(world.pets, world.rita)
    client.get(address(world.pets), numbers(model))
    with CaptureQueriesContext(connection) as few:
        client.get(address(world.pets), numbers(model))
    for person in (world.rita, world.ada, world.paul, world.uma):
        for _ in range(5):
            ask_for(world.pets, person, count=4)
    run_all_of(world.ada)

    with CaptureQueriesContext(connection) as many:
        client.get(address(world.pets), numbers(model, count=4))

    assert len(many) == len(few)
    assert len(many) <= 35


def run_all_of(person) -> None:
    GenerationJob.objects.filter(created_by=person).update(
        status=JobStatus.RUNNING, attempt_token=uuid4(), started_at=timezone.now()
    )


def test_the_words_of_the_estimate_are_chinese_for_chinese_readers(
    world: World, client_for, model
) -> None:
    make_runner()
    allow(world, person_images_per_day=20)
    world.uma.language = "zh-hans"
    world.uma.save(update_fields=["language"])

    answer = client_for(world.uma).get(address(world.pets), numbers(model, count=2))

    assert words(answer) == (
        "2 张图片约需 1 秒 GPU 时间 将用掉你今天剩余额度的 10% 马上开始 · 不到一分钟后完成"
    )
