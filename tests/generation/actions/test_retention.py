"""Finished requests that were kept long enough are deleted; their pictures stay."""

from __future__ import annotations

import pytest

from accounts.errors import NotPermitted
from accounts.models import AuditEvent
from accounts.wording import details_of, sentence_of
from assets.models import Image
from generation.actions.policies import change_policy
from generation.actions.requesting import cancel_request, retry_job
from generation.actions.retention import delete_old_work
from generation.limits import PolicyValues
from generation.models import GenerationJob, GenerationRequest, UsageCounter
from generation.types import JobStatus
from tests.builders import World, access_of, open_at_all_hours
from tests.clock import Clock
from tests.generation.builders import SYSTEM, ask_for, make_runner, run_all

pytestmark = pytest.mark.django_db


def keep(world: World, days: int | None) -> None:
    """Let Lantern keep finished requests so many days."""
    open_at_all_hours(world.lantern, retention_days=days)


def made(world: World, count: int = 1, project: str = "pets") -> GenerationRequest:
    """A finished request of Uma's."""
    request = ask_for(getattr(world, project), world.uma, count=count)
    run_all(make_runner())
    return request


def left() -> set[object]:
    return set(GenerationRequest.objects.values_list("pk", flat=True))


def events() -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(action="generation.work.deleted").order_by("pk"))


def test_pictures_stay_with_everything_that_is_known_about_them(
    world: World, clock: Clock, client_for
) -> None:
    clock.set("2026-12-01T10:00:00+08:00")
    keep(world, 30)
    request = made(world, count=2)
    before = list(Image.objects.order_by("pk").values())
    counters = UsageCounter.objects.count()

    clock.move(days=31)
    assert delete_old_work(access=SYSTEM) == 1

    assert not GenerationRequest.objects.exists()
    assert not GenerationJob.objects.exists()
    assert list(Image.objects.order_by("pk").values()) == before
    assert UsageCounter.objects.count() == counters
    image = Image.objects.first()
    assert image.request_id == request.pk
    assert image.metadata["words"]["prompt"]
    page = client_for(world.uma)
    assert page.get(f"/images/{image.uid}/").status_code == 200
    assert page.get(f"/projects/{world.pets.pk}/").status_code == 200
    assert page.get(f"/projects/{world.pets.pk}/generate/?from={image.uid}").status_code == 200
    assert page.get(f"/projects/{world.pets.pk}/requests/").status_code == 200
    assert page.get(f"/requests/{request.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("now", "deleted"),
    [
        ("2026-12-31T23:59:59+08:00", 0),
        ("2027-01-01T00:00:00+08:00", 1),
    ],
)
def test_a_day_of_the_organization_is_what_counts(
    world: World, clock: Clock, now: str, deleted: int
) -> None:
    clock.set("2026-12-01T10:00:00+08:00")
    keep(world, 30)
    made(world)

    clock.set(now)

    assert delete_old_work(access=SYSTEM) == deleted


def test_without_a_policy_everything_is_kept(world: World, clock: Clock) -> None:
    clock.set("2026-12-01T10:00:00+08:00")
    request = made(world)
    clock.move(days=10_000)

    assert delete_old_work(access=SYSTEM) == 0
    assert left() == {request.pk}
    assert events() == []


def test_a_project_may_keep_less_and_never_more(world: World, clock: Clock) -> None:
    clock.set("2026-12-01T10:00:00+08:00")
    keep(world, 30)
    pets, products = made(world), made(world, project="products")
    for project, days in ((world.pets, 5), (world.products, 90)):
        change_policy(
            access=access_of(world.ada), project=project, values=PolicyValues(retention_days=days)
        )

    clock.move(days=7)
    delete_old_work(access=SYSTEM)
    assert left() == {products.pk}
    clock.move(days=30)
    delete_old_work(access=SYSTEM)

    assert pets.pk not in left()
    assert left() == set()


def test_other_organizations_keep_theirs(world: World, clock: Clock) -> None:
    clock.set("2026-12-01T10:00:00+08:00")
    keep(world, 1)
    mine = made(world)
    theirs = ask_for(world.harbour_project, world.mallory)
    run_all(make_runner())

    clock.move(days=5)
    delete_old_work(access=SYSTEM)

    assert mine.pk not in left()
    assert left() == {theirs.pk}


@pytest.mark.parametrize("status", ["queued", "running", "scheduled"])
def test_work_that_is_not_finished_stays_however_old(
    world: World, clock: Clock, status: str
) -> None:
    now = clock.set("2026-12-01T10:00:00+08:00")
    keep(world, 1)
    request = ask_for(world.pets, world.uma, count=2)
    done, open_ = request.jobs.order_by("index")
    GenerationJob.objects.filter(pk=done.pk).update(status=JobStatus.CANCELLED, finished_at=now)
    GenerationJob.objects.filter(pk=open_.pk).update(
        status=status, attempt_token=request.pk, start_at=now
    )

    clock.move(days=50)

    assert delete_old_work(access=SYSTEM) == 0
    assert request.jobs.count() == 2


def test_the_last_picture_of_a_request_decides(world: World, clock: Clock) -> None:
    clock.set("2026-12-01T10:00:00+08:00")
    keep(world, 10)
    request = ask_for(world.pets, world.uma, count=2)
    cancel_request(access=access_of(world.uma), request=request)
    clock.move(days=9)
    retry_job(access=access_of(world.uma), job=request.jobs.first())
    run_all(make_runner())

    clock.move(days=2)
    assert delete_old_work(access=SYSTEM) == 0
    clock.move(days=10)
    assert delete_old_work(access=SYSTEM) == 1


def test_a_day_is_told_once_however_many_batches_it_takes(world: World, clock: Clock) -> None:
    clock.set("2026-12-01T10:00:00+08:00")
    keep(world, 30)
    for _ in range(5):
        made(world)
    clock.set("2027-01-01T00:00:30+08:00")

    assert [delete_old_work(access=SYSTEM, most=2) for _ in range(4)] == [2, 2, 1, 0]

    [event] = events()
    assert (event.organization, event.project, event.actor_label) == (world.lantern, None, "tests")
    assert sentence_of(event) == (
        "<b>tests</b> deleted finished requests (5) of <b>Lantern 灯笼</b> "
        "that were kept long enough"
    )
    assert details_of(event) == ["宠物主题: 5, finished before Dec. 2, 2026"]


def test_the_next_day_and_a_shorter_time_are_told_anew(world: World, clock: Clock) -> None:
    clock.set("2026-12-01T10:00:00+08:00")
    keep(world, 30)
    made(world)
    clock.move(days=1)
    made(world)
    clock.move(days=1)
    made(world)

    clock.set("2027-01-01T08:00:00+08:00")
    delete_old_work(access=SYSTEM)
    clock.move(days=1)
    delete_old_work(access=SYSTEM)
    keep(world, 10)
    delete_old_work(access=SYSTEM)

    assert [event.data["count"] for event in events()] == [1, 1, 1]
    assert left() == set()


def test_failed_and_cancelled_requests_go_as_well(world: World, clock: Clock) -> None:
    clock.set("2026-12-01T10:00:00+08:00")
    keep(world, 3)
    request = ask_for(world.pets, world.uma, count=2)
    cancel_request(access=access_of(world.uma), request=request)
    request.jobs.filter(index=1).update(status=JobStatus.FAILED)

    clock.move(days=4)

    assert delete_old_work(access=SYSTEM) == 1


def test_only_the_site_itself_deletes(world: World) -> None:
    with pytest.raises(NotPermitted):
        delete_old_work(access=access_of(world.ada))


def test_the_dispatcher_deletes_once_a_minute(world: World, clock: Clock, monkeypatch) -> None:
    """The command's loop, left at the end of its first round."""
    from generation.management.commands import dispatcher  # noqa: PLC0415

    clock.set("2026-12-01T10:00:00+08:00")
    keep(world, 1)
    made(world)
    clock.move(days=3)
    rounds = iter([False, False, True])

    class Stop:
        def wait(self, _seconds: float) -> bool:
            return next(rounds)

        def set(self) -> None:
            """Nobody is waiting."""

    calls: list[int] = []
    monkeypatch.setattr(dispatcher.threading, "Event", Stop)
    monkeypatch.setattr(dispatcher.signal, "signal", lambda *_: None)
    monkeypatch.setattr(dispatcher, "close_old_connections", lambda: None)
    monkeypatch.setattr(
        dispatcher,
        "delete_old_work",
        lambda *, access: calls.append(delete_old_work(access=access)),
    )

    dispatcher.Command().handle()

    assert calls == [1]
    assert not GenerationRequest.objects.exists()
