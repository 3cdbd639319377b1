"""The page that changes a request of which nothing has begun."""

from __future__ import annotations

import re
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from django.urls import reverse
from django.utils import timezone

from generation.models import GenerationRequest
from generation.types import JobLane, JobStatus
from tests.assets.builders import make_template
from tests.builders import World
from tests.generation.builders import ask_for

pytestmark = pytest.mark.django_db


def address(request: GenerationRequest) -> str:
    return reverse("generation:request-edit", kwargs={"request_id": request.pk})


class Form(HTMLParser):
    """What a browser would send back without touching anything, of the form in the page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.sent: dict[str, str] = {}
        self._text = ""
        self._select = ""
        self.feed(page.partition("<main")[2])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        name, is_off = said.get("name") or "", "disabled" in said
        if tag == "input" and name and not is_off:
            is_box = said.get("type") in {"radio", "checkbox"}
            if not is_box or "checked" in said:
                self.sent[name] = said.get("value") or ("on" if is_box else "")
        elif tag == "textarea" and not is_off:
            self._text, self.sent[name] = name, ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and "selected" in said:
            self.sent[self._select] = said.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._text = ""

    def handle_data(self, data: str) -> None:
        if self._text:
            self.sent[self._text] += data.removeprefix("\n")


def fields(page: str) -> dict[str, str]:
    return Form(page).sent


def test_the_form_is_filled_and_unchanged_it_changes_nothing(world: World, client_for) -> None:
    request = ask_for(
        world.pets, world.uma, count=3, steps=5, cfg=2.5, lane=JobLane.BACKGROUND, seed=77
    )
    before = {**GenerationRequest.objects.values().get(), "edited_at": None}
    jobs = list(request.jobs.values().order_by("index"))
    client = client_for(world.uma)

    answer = client.post(address(request), fields(client.get(address(request)).content.decode()))

    assert answer.status_code == 302, answer.content.decode()
    assert {**GenerationRequest.objects.values().get(), "edited_at": None} == before
    assert list(request.jobs.values().order_by("index")) == jobs


def test_what_is_changed_is_saved_and_said(world: World, client_for) -> None:
    request = ask_for(world.pets, world.uma, count=2)
    client = client_for(world.uma)
    form = fields(client.get(address(request)).content.decode())

    answer = client.post(
        address(request),
        {**form, "prompt": "Something else", "width": "256", "count": "3", "start": "idle"},
        follow=True,
    )

    request.refresh_from_db()
    assert (request.prompt, request.width, request.count) == ("Something else", 256, 3)
    assert set(request.jobs.values_list("lane", flat=True)) == {JobLane.IDLE}
    assert "It keeps its place in the line." in answer.content.decode()
    assert answer.redirect_chain[-1][0] == f"/requests/{request.pk}/"


def test_from_the_queue_the_way_leads_back_there(world: World, client_for) -> None:
    request = ask_for(world.pets, world.uma)
    client = client_for(world.uma)
    form = fields(client.get(f"{address(request)}?at=queue").content.decode())

    assert client.post(address(request), form).url == "/queue/"


def test_a_scheduled_request_keeps_its_time_and_its_lane(world: World, client_for) -> None:
    later = (timezone.now() + timedelta(hours=5)).replace(second=0, microsecond=0)
    request = ask_for(world.pets, world.uma, start_at=later, lane=JobLane.IDLE)
    client = client_for(world.uma)

    client.post(address(request), fields(client.get(address(request)).content.decode()))

    job = request.jobs.get()
    assert (job.status, job.start_at, job.lane) == (JobStatus.SCHEDULED, later, JobLane.IDLE)


def test_nonsense_is_refused_beside_the_field(world: World, client_for) -> None:
    request = ask_for(world.pets, world.uma)
    client = client_for(world.uma)
    form = fields(client.get(address(request)).content.decode())

    answer = client.post(address(request), {**form, "width": "1000", "steps": "99"})

    assert answer.status_code == 422
    assert "try 992" in answer.content.decode()
    request.refresh_from_db()
    assert request.width == 128


def test_what_has_begun_meanwhile_is_not_saved(world: World, client_for) -> None:
    request = ask_for(world.pets, world.uma, count=2)
    client = client_for(world.uma)
    form = fields(client.get(address(request)).content.decode())
    request.jobs.filter(index=0).update(attempts=1)

    answer = client.post(address(request), {**form, "prompt": "Too late"})

    assert answer.status_code == 409
    assert "has begun" in answer.content.decode()
    assert client.get(address(request)).status_code == 409
    request.refresh_from_db()
    assert request.prompt != "Too late"


def test_a_page_that_was_opened_before_another_edit_overwrites_nothing(
    world: World, client_for
) -> None:
    request = ask_for(world.pets, world.uma)
    client = client_for(world.uma)
    form = fields(client.get(address(request)).content.decode())
    client.post(address(request), {**form, "prompt": "The first edit"})

    answer = client.post(address(request), {**form, "prompt": "The second edit"})

    assert answer.status_code == 409
    request.refresh_from_db()
    assert request.prompt == "The first edit"


def test_a_template_stays_and_its_variables_change(world: World, client_for) -> None:
    version = make_template(world.lantern, world.ada).versions.get()
    request = ask_for(
        world.pets,
        world.uma,
        template_version_id=version.pk,
        template_values={"主体": "橘猫", "地点": "窗台"},
    )
    client = client_for(world.uma)
    form = fields(client.get(address(request)).content.decode())

    client.post(address(request), {**form, "value_0": "小狗"})

    request.refresh_from_db()
    assert (request.prompt, request.template_version) == ("一只小狗，坐在窗台上", version)


def test_an_admin_changes_the_settings_of_others_but_sees_the_words_locked(
    world: World, client_for
) -> None:
    request = ask_for(world.pets, world.uma, prompt="Words\nof Uma")
    client = client_for(world.ada)
    page = client.get(address(request)).content.decode()
    assert re.search(r'<textarea name="prompt"[^>]*disabled', page)

    forged = {**fields(page), "prompt": "Words of Ada", "steps": "7"}
    assert client.post(address(request), forged).status_code == 302

    request.refresh_from_db()
    assert (request.prompt, request.steps) == ("Words\nof Uma", 7)
    assert request.created_by == world.uma
