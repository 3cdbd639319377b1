"""The page of a request, its moving part, and the list of a project."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from generation.actions.requesting import cancel_job
from generation.engines import base
from generation.models import GenerationJob, GenerationRequest, ModelVersion, Worker
from generation.types import JobStatus
from generation.wording import FAILURES
from tests.builders import World, access_of
from tests.generation.builders import ask_for, make_runner, run_all

pytestmark = pytest.mark.django_db


def page_of(request: GenerationRequest) -> str:
    return reverse("generation:request", kwargs={"request_id": request.pk})


def progress_of(request: GenerationRequest) -> str:
    return reverse("generation:request-progress", kwargs={"request_id": request.pk})


def list_of(project) -> str:
    return reverse("generation:requests", kwargs={"project_id": project.pk})


def started(request: GenerationRequest, **fields: object) -> GenerationJob:
    """The first job of the request, as a worker would have claimed it."""
    job = request.jobs.order_by("index").first()
    GenerationJob.objects.filter(pk=job.pk).update(
        status=JobStatus.RUNNING,
        attempt_token=uuid4(),
        started_at=timezone.now(),
        **fields,
    )
    return job


def test_a_request_shows_its_words_and_settings(world: World, client_for) -> None:
    request = ask_for(world.pets, world.uma, count=2)

    text = client_for(world.uma).get(page_of(request)).content.decode()

    for shown in (
        "一只金毛犬，坐在草地上",
        "低质量，模糊",
        "128 × 128",
        "123456",
        "Preview",
        "Uma",
    ):
        assert shown in text
    assert f'src="{progress_of(request)}" request="{request.pk}"' in text


def test_waiting_pictures_say_their_places(world: World, client_for) -> None:
    make_runner()
    request = ask_for(world.pets, world.uma, count=2)

    text = client_for(world.uma).get(progress_of(request)).content.decode()

    assert "Next in line" in text
    assert "Number 2 in line" in text
    assert "data-finished" not in text


def test_without_a_worker_waiting_is_explained(world: World, client_for) -> None:
    request = ask_for(world.pets, world.uma)

    text = client_for(world.uma).get(progress_of(request)).content.decode()

    assert "No worker is running. Your request waits safely" in text
    assert "in line" not in text


def test_a_worker_that_was_not_seen_for_long_is_not_there(
    world: World, client_for, settings
) -> None:
    worker = make_runner().worker
    worker.last_seen_at = timezone.now() - timedelta(seconds=settings.WORKER_LOST_AFTER_SECONDS + 1)
    worker.save(update_fields=["last_seen_at"])
    request = ask_for(world.pets, world.uma)

    text = client_for(world.uma).get(progress_of(request)).content.decode()

    assert "No worker is running." in text


def test_a_picture_held_by_its_makers_limit_says_so(world: World, client_for) -> None:
    make_runner()
    for _ in range(2):
        started(ask_for(world.pets, world.uma))
    request = ask_for(world.pets, world.uma)

    own = client_for(world.uma).get(progress_of(request)).content.decode()
    others = client_for(world.rita).get(progress_of(request)).content.decode()

    assert "It waits for 2 pictures of yours that already run." in own
    assert "It waits for 2 pictures of the same person that already run." in others


def test_a_running_picture_shows_its_step(world: World, client_for) -> None:
    request = ask_for(world.pets, world.uma, steps=8)
    job = started(request, phase="denoising", step=3)

    text = client_for(world.uma).get(progress_of(request)).content.decode()

    assert "Step 3 of 8" in text
    assert re.search(r'<progress[^>]*max="8" value="3"', text)
    assert f'data-job="{job.pk}"' in text


@pytest.mark.parametrize(
    ("phase", "words"),
    [
        ("", "Starting"),
        ("loading", "Loading the model"),
        ("encoding", "Reading the prompt"),
        ("decoding", "Developing the picture"),
        ("saving", "Saving"),
    ],
)
def test_every_phase_has_words(world: World, client_for, phase: str, words: str) -> None:
    request = ask_for(world.pets, world.uma)
    started(request, phase=phase)

    text = client_for(world.uma).get(progress_of(request)).content.decode()

    assert re.search(rf"<p[^>]*data-progress-text>{words}</p>", text)


def test_a_finished_picture_is_shown_and_can_be_handed_in(world: World, client_for) -> None:
    request = ask_for(world.pets, world.uma)
    run_all(make_runner())
    image = request.jobs.get().image

    text = client_for(world.uma).get(progress_of(request)).content.decode()

    assert "data-finished" in text
    assert reverse("assets:image", kwargs={"uid": image.uid}) in text
    assert reverse("assets:submit", kwargs={"uid": image.uid}) in text


def test_only_the_maker_hands_a_picture_in(world: World, client_for) -> None:
    request = ask_for(world.pets, world.uma)
    run_all(make_runner())

    text = client_for(world.ada).get(progress_of(request)).content.decode()

    assert "/submit/" not in text


@pytest.mark.parametrize("code", [*FAILURES, "never_heard_of"])
def test_a_failed_picture_says_why_and_what_to_do(world: World, client_for, code: str) -> None:
    request = ask_for(world.pets, world.uma)
    request.jobs.update(status=JobStatus.FAILED, finished_at=timezone.now(), error_code=code)

    page = client_for(world.uma).get(progress_of(request))

    failure = page.context["card"].tiles[0].failure
    # The sentences hold apostrophes, which the page writes as entities.
    text = page.content.decode().replace("&#x27;", "'")
    assert str(failure.sentence) in text
    assert str(failure.advice) in text
    assert "Try again" in text
    assert "data-finished" in text


def test_every_error_of_the_engines_has_words_of_its_own() -> None:
    errors = [each for each in vars(base).values() if isinstance(each, type)]
    codes = {each.code for each in errors if issubclass(each, base.EngineError)}

    assert codes - {"cancelled"} <= FAILURES.keys()


def test_a_cancelled_picture_can_be_tried_again(world: World, client_for) -> None:
    request = ask_for(world.pets, world.uma)
    cancel_job(access=access_of(world.uma), job=request.jobs.get())

    text = client_for(world.uma).get(progress_of(request)).content.decode()

    assert "Cancelled" in text
    assert "Try again" in text


def test_a_running_picture_that_was_cancelled_is_stopping(world: World, client_for) -> None:
    request = ask_for(world.pets, world.uma)
    started(request, phase="denoising", cancel_requested_at=timezone.now())

    text = client_for(world.uma).get(progress_of(request)).content.decode()

    assert "Stopping after this step" in text
    assert "/cancel/" not in text


def test_others_see_a_request_but_get_no_buttons(world: World, client_for) -> None:
    request = ask_for(world.pets, world.uma, count=2)

    text = client_for(world.rita).get(page_of(request)).content.decode()

    assert "一只金毛犬，坐在草地上" in text
    assert "/cancel/" not in text


def test_an_admin_of_the_project_gets_the_buttons(world: World, client_for) -> None:
    request = ask_for(world.pets, world.uma, count=2)

    text = client_for(world.ada).get(page_of(request)).content.decode()

    assert reverse("generation:request-cancel", kwargs={"request_id": request.pk}) in text


def test_the_guess_of_the_time_comes_from_pictures_like_it(world: World, client_for) -> None:
    worker = make_runner().worker
    now = timezone.now()
    for ago in range(9):
        ended = now - timedelta(seconds=200 * ago)
        ask_for(world.pets, world.uma).jobs.update(
            status=JobStatus.SUCCEEDED,
            worker=worker,
            started_at=ended - timedelta(seconds=170),
            finished_at=ended,
            queued_at=now - timedelta(hours=2),
        )
    Worker.objects.update(resident_model=ModelVersion.objects.get())
    first, second = ask_for(world.pets, world.uma, count=2).jobs.order_by("index")
    client = client_for(world.uma)

    text = client.get(progress_of(first.request)).content.decode()

    assert tile_of(first, text) == "Next in line Done in about 3 min"
    # Somebody may go ahead of the second one.
    assert tile_of(second, text) == "Number 2 in line Done in about 5–13 min"


def tile_of(job: GenerationJob, text: str) -> str:
    """The words of a waiting picture, without its markup."""
    tile = text[text.index(f'id="job-{job.pk}"') :]
    words = re.search(r'<p class="job-words">(.*?)</p>', tile, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", words[1]).split()) if words else ""


def test_a_request_asks_as_many_questions_for_four_pictures_as_for_one(
    world: World, client_for
) -> None:
    client = client_for(world.uma)
    one, four = ask_for(world.pets, world.uma), ask_for(world.pets, world.uma, count=4)
    make_runner()
    client.get(page_of(one))
    with CaptureQueriesContext(connection) as few:
        client.get(page_of(one))

    with CaptureQueriesContext(connection) as many:
        client.get(page_of(four))

    assert len(many) == len(few)


def test_the_list_shows_ones_own_requests_and_on_wish_everybodys(world: World, client_for) -> None:
    ask_for(world.pets, world.uma, prompt="Uma's dog")
    ask_for(world.pets, world.rita, prompt="Rita's cat")
    ask_for(world.products, world.uma, prompt="elsewhere")
    client = client_for(world.uma)

    mine = [card.request.prompt for card in client.get(list_of(world.pets)).context["cards"]]
    everybodys = client.get(list_of(world.pets), {"whose": "everybody"}).context["cards"]

    assert mine == ["Uma's dog"]
    assert [card.request.prompt for card in everybodys] == ["Rita's cat", "Uma's dog"]


def test_the_list_goes_on_page_by_page_and_misses_nothing(world: World, client_for) -> None:
    for number in range(45):
        ask_for(world.products, world.ada, prompt=f"picture {number:02}", ticket=uuid4())
        GenerationJob.objects.update(status=JobStatus.CANCELLED, finished_at=timezone.now())
    # All of one moment: the order must not depend on times being different.
    GenerationRequest.objects.update(created_at=timezone.now())
    client, seen, url = client_for(world.ada), [], list_of(world.products)

    while url:
        page = client.get(url, headers={"HX-Request": "true"})
        seen += [card.request.prompt for card in page.context["cards"]]
        url = page.context["next_url"]

    assert len(seen) == len(set(seen)) == 45


@pytest.mark.parametrize(
    "cursor", ["", "x", "1.2", "-1.aa", "９.x", f"{'9' * 17}.{uuid4().hex}", f"1.{uuid4()}x"]
)
def test_a_broken_cursor_does_no_harm(world: World, client_for, cursor: str) -> None:
    ask_for(world.pets, world.uma)

    assert client_for(world.uma).get(list_of(world.pets), {"cursor": cursor}).status_code == 200


def test_the_list_asks_as_many_questions_for_many_requests(world: World, client_for) -> None:
    client = client_for(world.uma)
    ask_for(world.pets, world.uma)
    client.get(list_of(world.pets))
    with CaptureQueriesContext(connection) as few:
        client.get(list_of(world.pets))
    for _ in range(5):
        ask_for(world.pets, world.uma, count=3)

    with CaptureQueriesContext(connection) as many:
        client.get(list_of(world.pets))

    assert len(many) == len(few)


def test_an_empty_list_says_what_to_do(world: World, client_for) -> None:
    text = client_for(world.uma).get(list_of(world.pets)).content.decode()

    assert "You have not asked for a picture yet" in text
    assert reverse("generation:create", kwargs={"project_id": world.pets.pk}) in text


def test_the_totals_count_the_project_and_nothing_else(world: World, client_for) -> None:
    ask_for(world.pets, world.uma, count=3)
    ask_for(world.harbour_project, world.mallory, count=4)
    started(ask_for(world.pets, world.rita))
    url = reverse("generation:totals", kwargs={"project_id": world.pets.pk})

    assert "1 running, 3 waiting" in client_for(world.uma).get(url).content.decode()


def test_a_row_of_the_list_moves_by_itself(world: World, client_for) -> None:
    request = ask_for(world.pets, world.uma)
    client = client_for(world.uma)

    page = client.get(list_of(world.pets)).content.decode()
    row = client.get(progress_of(request), {"as": "row"}).content.decode()

    assert f'src="{progress_of(request)}?as=row"' in page
    assert 'class="request-row"' in row


def test_only_operators_read_where_a_picture_hung(world: World, client_for) -> None:
    request = ask_for(world.pets, world.uma)
    request.jobs.update(
        status=JobStatus.FAILED,
        finished_at=timezone.now(),
        error_code="over_time",
        error_log='File "/srv/engine.py" in <generate>',
    )
    User.objects.filter(pk=world.ada.pk).update(is_superuser=True)

    for person, sees in ((world.uma, False), (world.rita, False), (world.ada, True)):
        text = client_for(person).get(page_of(request)).content.decode()
        assert "It took longer than a picture may, twice" in text
        assert ("/srv/engine.py" in text) == sees
    assert "&lt;generate&gt;" in text
