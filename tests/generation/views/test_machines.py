"""The page of the workers, and what its buttons do."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from generation.actions.workers import register_worker
from generation.models import CircuitBreaker, ModelVersion, Worker, WorkerSlot
from generation.types import JobStatus, WorkerState
from tests.builders import World, make_operator
from tests.generation.builders import SYSTEM, ask_for

pytestmark = pytest.mark.django_db

PAGE = "/site/workers/"
OF_LANTERN = "/organizations/lantern/workers/"
GB = 2**30


@pytest.fixture
def worker(world: World) -> Worker:
    """A worker with a GPU, a picture of Uma's and an open breaker."""
    worker = register_worker(access=SYSTEM, slot="render-1", engines=["preview"])
    ask_for(world.pets, world.uma).jobs.update(
        status=JobStatus.RUNNING, attempt_token=uuid4(), worker=worker, started_at=timezone.now()
    )
    Worker.objects.update(
        host="rack-7.example",
        device="NVIDIA H100",
        total_bytes=80 * GB,
        free_bytes=38 * GB,
        held_bytes=31 * GB,
    )
    CircuitBreaker.objects.create(
        slot=worker.slot,
        model_version=ModelVersion.objects.get(),
        failures=5,
        open_until=timezone.now() + timedelta(minutes=5),
        code="gpu_fault",
        message="CUDA error 700",
    )
    return worker


@pytest.fixture
def olga(client_for, db: None):
    """Olga's browser."""
    return client_for(make_operator())


def text_of(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def deed(name: str, worker: Worker) -> str:
    return reverse(f"generation:slot-{name}", args=[worker.slot_id])


def test_operator_sees_all_of_it(worker, olga, world: World) -> None:
    html = text_of(olga.get(PAGE))

    for words in (
        "render-1",
        "rack-7.example",
        "NVIDIA H100",
        "38.0",
        "Uma",
        "宠物主题",
        "Lantern 灯笼",
    ):
        assert words in html
    assert "CUDA error 700" in html
    assert deed("pause", worker) in html
    assert 'hx-trigger="every 4s"' in html
    assert "style=" not in html


def test_admin_of_an_organization_sees_machines_and_nobodys_work(worker, world, client_for) -> None:
    for person, slug in ((world.ada, "lantern"), (world.mallory, "harbour")):
        for path in ("workers/", "workers/now/"):
            html = text_of(client_for(person).get(f"/organizations/{slug}/{path}"))

            assert "Making a picture" in html
            assert "NVIDIA H100" in html
            assert "CUDA error 700" not in html
            assert "rack-7.example" not in html
            assert "/site/workers/" not in html
            part = html[html.index('id="machines"') :].partition("</section>")[0]
            assert "Uma" not in part
            assert "宠物主题" not in part


@pytest.mark.parametrize("person", ["uma", "rita", "paul"])
def test_members_who_are_no_admins_are_refused(worker, world, client_for, person) -> None:
    assert client_for(getattr(world, person)).get(OF_LANTERN).status_code == 403


def test_page_of_another_organization_is_not_there(worker, world, client_for) -> None:
    assert client_for(world.mallory).get(OF_LANTERN).status_code == 404


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_page_is_drawn_in_both_languages_with_as_many_queries_for_many_machines(
    worker, olga, world: World, language: str, django_assert_max_num_queries
) -> None:
    for number in range(6):
        more = register_worker(access=SYSTEM, slot=f"more-{number}", engines=["preview"])
        ask_for(world.pets, world.uma).jobs.update(
            status=JobStatus.RUNNING, attempt_token=uuid4(), worker=more
        )
    olga.cookies["django_language"] = language
    headers = {"accept-language": language}

    with django_assert_max_num_queries(11):
        html = text_of(olga.get(PAGE, headers=headers))

    assert ("工作进程" in html) == (language == "zh-hans")
    with django_assert_max_num_queries(10):
        olga.get(f"{PAGE}now/", headers=headers)


def test_buttons_pause_resume_and_drain(worker, olga) -> None:
    for name, state in (
        ("pause", WorkerState.PAUSED),
        ("drain", WorkerState.DRAINING),
        ("resume", WorkerState.ACTIVE),
    ):
        answer = olga.post(deed(name, worker))

        assert (answer.status_code, answer["Location"]) == (302, PAGE)
        assert WorkerSlot.objects.get().state == state


def test_with_scripts_the_part_of_the_page_comes_back_and_a_toast(worker, olga) -> None:
    answer = olga.post(deed("pause", worker), headers={"HX-Request": "true"})

    assert 'id="machines"' in text_of(answer)
    assert "<html" not in text_of(answer)
    assert "render-1" in answer["HX-Trigger"]
    refused = olga.post(deed("pause", worker), headers={"HX-Request": "true"})
    assert (refused.status_code, refused["Content-Type"][:10]) == (409, "text/plain")


def test_reset_forgets_the_failures_of_one_model(worker, olga) -> None:
    model = ModelVersion.objects.get()
    assert olga.post(deed("reset", worker), {"model": "nonsense"}).status_code == 404
    assert CircuitBreaker.objects.exists()

    assert olga.post(deed("reset", worker), {"model": model.pk}).status_code == 302

    assert not CircuitBreaker.objects.exists()
    assert olga.post(deed("reset", worker)).status_code == 409


def test_dead_place_says_when_it_was_seen_and_is_taken_off_the_list(worker, olga) -> None:
    assert olga.post(deed("forget", worker)).status_code == 409
    Worker.objects.update(last_seen_at=timezone.now() - timedelta(hours=5))
    html = text_of(olga.get(PAGE))
    assert "is-gone" in html
    assert "5\xa0hours ago" in html
    assert "No worker is running." in html

    assert olga.post(deed("forget", worker)).status_code == 302

    assert "No worker has ever come" in text_of(olga.get(PAGE))


def test_worker_of_another_version_is_marked(worker, olga) -> None:
    Worker.objects.update(version="0.0.1")

    assert "This site runs version" in text_of(olga.get(PAGE))

    Worker.objects.update(row_format=0)
    assert "too old for requests" in text_of(olga.get(PAGE))


def test_navigation_shows_the_site_to_operators_only(worker, olga, world, client_for) -> None:
    assert 'href="/site/workers/"' in text_of(olga.get("/"))
    for person in (world.uma, world.ada):
        assert "/site/" not in text_of(client_for(person).get("/"))
    assert f'href="{OF_LANTERN}"' in text_of(client_for(world.ada).get("/"))
    assert OF_LANTERN not in text_of(client_for(world.uma).get("/"))


def test_operator_hears_on_the_home_page_that_something_is_wrong(
    worker, olga, world, client_for
) -> None:
    assert "A model keeps failing on a worker" in text_of(olga.get("/"))
    assert "A model keeps failing" not in text_of(client_for(world.ada).get("/"))
    CircuitBreaker.objects.all().delete()
    assert "banner-warn" not in text_of(olga.get("/"))
    Worker.objects.update(stopped_at=timezone.now())
    assert "No worker is running." in text_of(olga.get("/"))
