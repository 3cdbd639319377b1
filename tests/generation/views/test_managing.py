"""The work of everybody, for those who manage it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from generation.models import GenerationJob
from generation.types import JobLane, JobStatus
from tests.builders import World, join, make_person
from tests.generation.builders import ask_for, make_runner, run_all

pytestmark = pytest.mark.django_db

PAGE = "/organizations/lantern/queue/"
SITE = "/site/queue/"


def text(answer) -> str:
    return answer.content.decode()


def shown(answer) -> list[str]:
    """The prompts in the order of the page."""
    return [row.request.prompt for row in answer.context["rows"]]


def ids(*requests) -> list[str]:
    return [str(job.pk) for request in requests for job in request.jobs.all()]


@pytest.fixture
def patricia(world: World) -> User:
    """An admin of the pets alone."""
    person = make_person("patricia")
    join(person, world.lantern, Role.ADMIN, project=world.pets)
    return person


@pytest.fixture
def olga(db: None) -> User:
    """An operator of the site, who belongs to no organization."""
    return User.objects.create_superuser("olga@example.com", "correct horse", name="Olga")


def test_an_admin_sees_everybodys_work_in_full(world: World, client_for) -> None:
    ask_for(world.pets, world.uma, prompt="Of Uma")
    ask_for(world.products, world.rita, prompt="Of Rita", lane=JobLane.IDLE)
    later = timezone.now() + timedelta(hours=3)
    ask_for(world.pets, world.paul, prompt="Of Paul", start_at=later)
    ask_for(world.harbour_project, world.mallory, prompt="Of Mallory")

    answer = client_for(world.ada).get(PAGE)

    assert shown(answer) == ["Of Uma", "Of Rita", "Of Paul"]
    page = text(answer)
    for words in ("Uma", "Rita", "Paul", world.products.name, "When the GPU is idle", "Starts "):
        assert words in page
    assert "Of Mallory" not in page


def test_an_admin_of_one_project_sees_and_changes_that_one(
    world: World, client_for, patricia: User
) -> None:
    mine = ask_for(world.pets, world.uma, prompt="Of the pets")
    other = ask_for(world.products, world.uma, prompt="Of the products")
    client = client_for(patricia)

    assert shown(client.get(PAGE)) == ["Of the pets"]
    answer = client.post(PAGE, {"do": "cancel", "job": ids(mine, other)}, follow=True)

    assert "1 picture changed." in text(answer)
    assert "1 picture skipped: It is not there any more." in text(answer)
    assert other.jobs.get().status == JobStatus.QUEUED


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["a", "b", "c"]),
        ("person={uma}", ["a", "c"]),
        ("project={products}", ["c"]),
        ("lane=idle", ["b"]),
        ("status=queued&person={uma}", ["a"]),
        ("status=scheduled", ["c"]),
        ("status=running", []),
        ("person=nobody&lane=fast&status=lost&project=x", ["a", "b", "c"]),
    ],
)
def test_the_list_is_narrowed_down(world: World, client_for, query: str, found: list[str]) -> None:
    ask_for(world.pets, world.uma, prompt="a")
    ask_for(world.pets, world.rita, prompt="b", lane=JobLane.IDLE)
    later = timezone.now() + timedelta(hours=3)
    ask_for(world.products, world.uma, prompt="c", start_at=later)
    query = query.format(uma=world.uma.pk, products=world.products.pk)

    assert shown(client_for(world.ada).get(f"{PAGE}?{query}")) == found


def test_several_get_a_priority_and_what_was_so_already_is_said(world: World, client_for) -> None:
    first, second = (ask_for(world.pets, world.uma, count=2) for _ in range(2))
    second.jobs.update(priority=1)

    answer = client_for(world.ada).post(
        PAGE, {"do": "priority", "priority": "urgent", "job": ids(first, second)}, follow=True
    )

    assert set(GenerationJob.objects.values_list("priority", flat=True)) == {1}
    assert "2 pictures changed." in text(answer)
    assert "2 pictures skipped: It was so already." in text(answer)


def test_several_change_their_lane(world: World, client_for) -> None:
    requests = [ask_for(world.pets, person) for person in (world.uma, world.rita)]

    client_for(world.ada).post(PAGE, {"do": "lane", "lane": "background", "job": ids(*requests)})

    assert set(GenerationJob.objects.values_list("lane", flat=True)) == {JobLane.BACKGROUND}


def test_cancelling_skips_what_has_ended(world: World, client_for) -> None:
    done = ask_for(world.pets, world.uma)
    run_all(make_runner())
    waiting = ask_for(world.pets, world.uma)

    answer = client_for(world.ada).post(
        PAGE, {"do": "cancel", "job": ids(done, waiting)}, follow=True
    )

    assert "1 picture skipped: This picture is already finished." in text(answer)
    assert waiting.jobs.get().status == JobStatus.CANCELLED


def test_failed_pictures_are_listed_and_tried_again(world: World, client_for) -> None:
    failed = ask_for(world.pets, world.uma, prompt="Failed", count=2)
    failed.jobs.update(
        status=JobStatus.FAILED, finished_at=timezone.now(), error_code="out_of_memory"
    )
    old = ask_for(world.pets, world.uma, prompt="Failed long ago")
    old.jobs.update(status=JobStatus.FAILED, finished_at=timezone.now() - timedelta(days=8))
    client = client_for(world.ada)

    answer = client.get(f"{PAGE}?status=failed")
    assert shown(answer) == ["Failed"] * 2
    assert "The GPU ran out of memory." in text(answer)

    client.post(f"{PAGE}?status=failed", {"do": "retry", "job": ids(failed)})
    assert set(failed.jobs.values_list("status", flat=True)) == {JobStatus.QUEUED}


def test_ended_work_comes_in_pages(world: World, client_for) -> None:
    request = ask_for(world.pets, world.uma, count=4)
    job = request.jobs.first()
    ended = timezone.now()
    GenerationJob.objects.filter(request=request).delete()
    GenerationJob.objects.bulk_create(
        GenerationJob(
            request=request,
            project=world.pets,
            created_by=world.uma,
            index=index,
            seed=index,
            steps=2,
            engine=job.engine,
            demand=job.demand,
            status=JobStatus.CANCELLED,
            queued_at=ended,
            finished_at=ended - timedelta(seconds=index // 2),
        )
        for index in range(120)
    )
    client, address, seen = client_for(world.ada), f"{PAGE}?status=cancelled", []

    while address:
        answer = client.get(address, headers={"HX-Request": "true"} if seen else {})
        seen += [row.job.pk for row in answer.context["rows"]]
        address = answer.context["next_url"]

    assert len(seen) == len(set(seen)) == 120


def test_nothing_selected_changes_nothing(world: World, client_for) -> None:
    ask_for(world.pets, world.uma)
    client = client_for(world.ada)

    for sent in ({"do": "cancel"}, {"do": "everything", "job": ids(*world.uma.requests.all())}):
        assert "Select pictures first" in text(client.post(PAGE, sent, follow=True))
    assert GenerationJob.objects.get().status == JobStatus.QUEUED


def test_the_rows_are_fetched_alone_to_keep_them_up_to_date(world: World, client_for) -> None:
    ask_for(world.pets, world.uma, prompt="Of Uma")
    ask_for(world.pets, world.rita, prompt="Of Rita")
    client = client_for(world.ada)
    page = text(client.get(f"{PAGE}?person={world.uma.pk}"))
    part = re.search(r'<live-queue src="([^"]+)"', page)[1].replace("&amp;", "&")

    answer = client.get(part, headers={"HX-Request": "true"})

    assert "<form" not in text(answer)
    assert shown(answer) == ["Of Uma"]


def test_the_number_of_questions_does_not_grow(world: World, client_for) -> None:
    client = client_for(world.ada)
    make_runner()
    ask_for(world.pets, world.uma)
    client.get(PAGE)
    with CaptureQueriesContext(connection) as few:
        client.get(PAGE)
    for person in (world.uma, world.rita, world.paul):
        for _ in range(3):
            ask_for(world.pets, person, count=4)

    with CaptureQueriesContext(connection) as many:
        client.get(PAGE)

    assert len(many) <= len(few)


def test_operators_see_the_work_of_the_site_but_not_the_words(
    world: World, client_for, olga: User
) -> None:
    lantern = ask_for(world.pets, world.uma, prompt="Secret words")
    harbour = ask_for(world.harbour_project, world.mallory)
    client = client_for(olga)

    page = text(client.get(SITE))
    assert "Uma" in page
    assert "Mallory" in page
    assert str(world.harbour) in page
    assert "Secret words" not in page

    client.post(SITE, {"do": "cancel", "job": ids(lantern, harbour)})
    assert set(GenerationJob.objects.values_list("status", flat=True)) == {JobStatus.CANCELLED}


def test_the_navigation_leads_admins_there(world: World, client_for, patricia: User) -> None:
    assert PAGE in text(client_for(world.ada).get("/"))
    assert PAGE in text(client_for(patricia).get("/"))
    assert PAGE not in text(client_for(world.rita).get("/"))
