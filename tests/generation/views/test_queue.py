"""The queue of everybody: one's own work in full, nothing about anybody else's."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent, User
from generation.actions.changing_lanes import change_lane
from generation.actions.running import claim_next_job
from generation.actions.workers import register_worker
from generation.models import GenerationJob
from generation.types import JobLane, JobStatus
from tests.builders import World, access_of, open_at_all_hours
from tests.generation.builders import SYSTEM, ask_for, make_preview_model

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
PAGE = "/queue/"
PART = "/queue/part/"


def worker():
    return register_worker(access=SYSTEM, engines=["preview"])


def rows_of(page: str) -> list[str]:
    """The words of each of one's own rows, in the order of the page."""
    found = re.findall(r'<article class="queue-row.*?</article>', page, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in found]


def text(answer) -> str:
    return answer.content.decode()


def test_ones_own_work_is_shown_in_its_order(world: World, client_for) -> None:
    worker()
    ask_for(world.pets, world.uma, prompt="The first", count=2)
    running = claim_next_job(access=SYSTEM, worker=worker())
    idle = ask_for(world.pets, world.uma, prompt="The idle one", lane=JobLane.IDLE)
    ask_for(world.products, world.uma, prompt="The second")
    ask_for(world.pets, world.uma, prompt="Later", start_at=timezone.now() + timedelta(hours=2))

    rows = rows_of(text(client_for(world.uma).get(PAGE)))

    assert [row.split("  ")[0][:9] for row in rows] == [
        "The first",
        "The first",
        "The secon",
        "The idle ",
        "Later Pic",
    ] or [row[:5] for row in rows] == ["The f", "The f", "The s", "The i", "Later"]
    assert "Starts" in rows[4]
    assert "When the GPU is idle" in rows[3]
    assert running.job.request.prompt == "The first"
    assert idle.jobs.get().status == JobStatus.QUEUED


def test_nothing_about_others_is_in_the_page(world: World, client_for) -> None:
    User.objects.filter(pk=world.rita.pk).update(name="Rita-the-secret")
    User.objects.filter(pk=world.mallory.pk).update(name="Mallory-the-secret")
    world.harbour_project.name = "Secret campaign"
    world.harbour_project.save()
    worker()
    mine = ask_for(world.pets, world.uma, prompt="My own words")
    others = [
        ask_for(world.products, world.rita, prompt="Secret words of Rita", count=3),
        ask_for(world.harbour_project, world.mallory, prompt="Secret words of Mallory"),
        ask_for(
            world.pets,
            world.ada,
            prompt="Secret words of Ada",
            start_at=timezone.now() + timedelta(hours=1),
        ),
    ]
    claim_next_job(access=SYSTEM, worker=worker())
    client = client_for(world.uma)

    for path in (PAGE, PART):
        page = text(client.get(path))
        assert "My own words" in page
        assert page.count("Somebody else") >= 3
        # The frame of the page holds the switcher of one's own projects; the rest is the queue.
        queue = page.partition("<main")[2].partition("</main>")[0] or page
        for secret in ("ecret", str(world.rita), str(world.ada), world.products.name):
            assert secret not in queue
        for other in others:
            assert str(other.pk) not in page
            for job in other.jobs.all():
                assert str(job.pk) not in page
        assert f"/projects/{world.harbour_project.pk}/" not in page
        assert f"/projects/{world.products.pk}/" not in queue
    assert str(mine.pk) in page


def test_the_totals_are_those_of_everybody(world: World, client_for) -> None:
    first = worker()
    worker()
    ask_for(world.pets, world.uma, count=2)
    ask_for(world.harbour_project, world.mallory, lane=JobLane.BACKGROUND)
    ask_for(world.pets, world.rita, start_at=timezone.now() + timedelta(hours=1))
    claim_next_job(access=SYSTEM, worker=first)

    totals = client_for(world.paul).get(PAGE).context["queue"].totals

    assert (totals.running, totals.waiting, totals.scheduled) == (1, 2, 1)
    assert totals.lanes == {JobLane.INTERACTIVE: 1, JobLane.BACKGROUND: 1, JobLane.IDLE: 0}
    assert (totals.workers, totals.workers_busy) == (2, 1)


def test_long_queues_are_cut(world: World, client_for) -> None:
    worker()
    open_at_all_hours(world.lantern, max_waiting_per_person=200, max_images_per_request=60)
    ask_for(world.pets, world.uma, count=60)
    ask_for(world.pets, world.rita, count=60)

    answer = client_for(world.uma).get(PAGE)

    queue = answer.context["queue"]
    assert queue.work.shown == 50
    assert "10 more pictures of yours wait behind these." in text(answer)
    assert sum(not entry.is_own for entry in queue.line) == 30


def test_the_line_puts_ones_own_between_those_of_others(world: World, client_for) -> None:
    worker()
    for person in (world.uma, world.rita, world.paul):
        ask_for(world.pets, person, count=2)

    line = client_for(world.uma).get(PAGE).context["queue"].line

    assert [entry.number for entry in line] == [1, 2, 3, 4, 5, 6]
    assert [entry.is_own for entry in line].count(True) == 2
    assert {entry.size.value for entry in line} == {"small"}


def test_the_number_of_questions_does_not_grow(world: World, client_for) -> None:
    worker()
    open_at_all_hours(world.lantern, max_waiting_per_person=400)
    client = client_for(world.uma)

    def questions_after(requests: int) -> int:
        for _ in range(requests):
            for person in (world.uma, world.rita, world.ada, world.paul):
                ask_for(world.pets, person, count=3)
        later = timezone.now() + timedelta(hours=1)
        ask_for(world.products, world.uma, start_at=later)
        with CaptureQueriesContext(connection) as asked:
            client.get(PAGE)
        return len(asked)

    questions_after(1)
    few = questions_after(2)

    # Two more: in both looks at the line those of the reader that stand far back are read further.
    assert questions_after(8) <= few + 2


def test_the_navigation_counts_what_is_not_finished(world: World, client_for) -> None:
    ask_for(world.pets, world.uma, count=2)
    ask_for(world.pets, world.uma, start_at=timezone.now() + timedelta(hours=1))
    ask_for(world.pets, world.rita)

    home = text(client_for(world.uma).get("/"))

    assert re.search(r'href="/queue/".*?<span class="rail-count">3</span>', home, re.DOTALL)


def test_an_empty_queue_says_what_it_is_for(world: World, client_for) -> None:
    page = text(client_for(world.uma).get(PAGE))

    assert "Nothing of yours is waiting" in page
    assert "Cancel all mine" not in page


def test_a_request_is_moved_up_by_its_button(world: World, client_for) -> None:
    worker()
    ask_for(world.pets, world.uma, prompt="Alpha")
    second = ask_for(world.pets, world.uma, prompt="Beta")
    url = reverse("generation:request-move", kwargs={"request_id": second.pk})
    client = client_for(world.uma)

    part = client.post(url, {"to": "up", "at": "queue"}, headers=HTMX)

    assert "<html" not in text(part)
    assert [row[:4] for row in rows_of(text(part))] == ["Beta", "Alph"]
    without_scripts = client.post(url, {"to": "down", "at": "queue"})
    assert without_scripts.url == PAGE
    assert client.post(url, {"to": "front"}).url.endswith(f"/requests/{second.pk}/")


@pytest.mark.parametrize("sent", [{}, {"to": "sideways"}, {"to": "up", "job": "nonsense"}])
def test_what_no_button_says_is_refused(world: World, client_for, sent: dict[str, str]) -> None:
    request = ask_for(world.pets, world.uma)

    answer = client_for(world.uma).post(
        reverse("generation:request-move", kwargs={"request_id": request.pk}), sent
    )

    assert answer.status_code == 422


def test_one_picture_is_moved_alone(world: World, client_for) -> None:
    request = ask_for(world.pets, world.uma, count=2)
    second = request.jobs.get(index=1)

    client_for(world.uma).post(
        reverse("generation:request-move", kwargs={"request_id": request.pk}),
        {"to": "up", "job": str(second.pk), "at": "queue"},
    )

    order = request.jobs.order_by("position").values_list("index", flat=True)
    assert list(order) == [1, 0]


def test_start_now_puts_it_into_the_line_for_at_once(world: World, client_for) -> None:
    request = ask_for(world.pets, world.uma, start_at=timezone.now() + timedelta(hours=1))
    change_lane(access=access_of(world.uma), request=request, lane=JobLane.IDLE)

    part = client_for(world.uma).post(
        reverse("generation:request-start", kwargs={"request_id": request.pk}),
        {"start": "now", "at": "queue"},
        headers=HTMX,
    )

    job = request.jobs.get()
    assert part.status_code == 200
    assert (job.status, job.lane) == (JobStatus.QUEUED, JobLane.INTERACTIVE)


def test_the_page_of_the_start_shows_and_takes_a_time(world: World, client_for) -> None:
    later = timezone.now() + timedelta(hours=30)
    request = ask_for(world.pets, world.uma, start_at=later)
    url = reverse("generation:request-start", kwargs={"request_id": request.pk})
    client = client_for(world.uma)

    page = text(client.get(url))
    assert re.search(r'value="at"[^>]*checked', page)
    assert f'value="{later + timedelta(hours=8):%Y-%m-%dT%H:%M}"' in page  # Shanghai

    chosen = later + timedelta(hours=1)
    shown = f"{chosen + timedelta(hours=8):%Y-%m-%dT%H:%M}"
    answer = client.post(url, {"start": "at", "start_at": shown, "at": "queue"})
    assert answer.url == PAGE
    assert abs(request.jobs.get().start_at - chosen) < timedelta(minutes=1)


def test_a_time_that_has_passed_is_refused_beside_the_field(world: World, client_for) -> None:
    request = ask_for(world.pets, world.uma)

    answer = client_for(world.uma).post(
        reverse("generation:request-start", kwargs={"request_id": request.pk}),
        {"start": "at", "start_at": "2020-01-01T10:00"},
    )

    assert answer.status_code == 422
    assert "This time has passed." in str(answer.context["form"].errors["start_at"])
    assert request.jobs.get().status == JobStatus.QUEUED


def test_everything_of_mine_is_cancelled_at_once(world: World, client_for) -> None:
    ask_for(world.pets, world.uma, count=2)
    ask_for(world.products, world.uma)
    others = ask_for(world.pets, world.rita)
    client = client_for(world.uma)
    assert "In all projects" in text(client.get(PAGE))

    in_one = client.post("/queue/cancel/", {"project": world.products.pk}, follow=True)
    assert "1 picture cancelled." in text(in_one)
    everywhere = client.post("/queue/cancel/", {"project": ""}, follow=True)

    assert "2 pictures cancelled." in text(everywhere)
    assert set(world.uma.jobs.values_list("status", flat=True)) == {JobStatus.CANCELLED}
    assert others.jobs.get().status == JobStatus.QUEUED
    assert AuditEvent.objects.filter(action="generation.work.cancelled").count() == 2


def test_cancelling_names_a_project_that_is_there(world: World, client_for) -> None:
    ask_for(world.pets, world.uma)
    client = client_for(world.uma)

    assert client.post("/queue/cancel/", {"project": "all"}).status_code == 422
    foreign = {"project": world.harbour_project.pk}
    assert client.post("/queue/cancel/", foreign).status_code == 404
    assert GenerationJob.objects.get().status == JobStatus.QUEUED


def test_failed_pictures_of_a_request_are_tried_again_together(world: World, client_for) -> None:
    request = ask_for(world.pets, world.uma, count=2)
    request.jobs.update(status=JobStatus.FAILED, finished_at=timezone.now(), error_code="internal")
    client = client_for(world.uma)
    url = reverse("generation:request-retry", kwargs={"request_id": request.pk})
    assert url in text(client.get(f"/requests/{request.pk}/"))

    client.post(url, headers=HTMX)

    assert set(request.jobs.values_list("status", flat=True)) == {JobStatus.QUEUED}


def test_tiles_say_when_a_scheduled_picture_starts(world: World, client_for) -> None:
    make_preview_model()
    evening = timezone.now() + timedelta(days=1)
    request = ask_for(world.pets, world.uma, start_at=evening)

    page = text(client_for(world.uma).get(f"/requests/{request.pk}/"))

    assert f"Starts tomorrow at {evening + timedelta(hours=8):%H:%M}" in page
    assert "Start now" in page
