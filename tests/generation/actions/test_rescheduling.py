"""Pictures that start at a time, and what their maker makes of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.errors import InvalidInput, InvalidTransition, LimitExceeded, NotPermitted
from accounts.models import AuditEvent
from generation.actions.requesting import cancel_request
from generation.actions.rescheduling import reschedule
from generation.actions.running import claim_next_job, release_due_jobs
from generation.actions.workers import register_worker
from generation.limits import HoursRule
from generation.models import GenerationJob
from generation.types import JobStatus
from tests.builders import World, access_of, open_at_all_hours
from tests.generation.builders import SYSTEM, ask_for

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def soon(hours: float = 2):
    return timezone.now() + hours * HOUR


def tomorrow_only(world: World, rule: HoursRule) -> None:
    """Let Lantern work on the day after tomorrow from 9 to 18, and on no other day."""
    day = (timezone.now() + timedelta(days=2)).date()
    hours = {"timezone": "UTC", "windows": {str(day.weekday()): [["09:00", "18:00"]]}}
    open_at_all_hours(world.lantern, hours_rule=rule, hours=hours)


def test_a_scheduled_request_waits_for_its_time(world: World) -> None:
    request = ask_for(world.pets, world.uma, count=2, start_at=soon())

    assert {job.status for job in request.jobs.all()} == {JobStatus.SCHEDULED}
    worker = register_worker(access=SYSTEM, engines=["preview"])
    assert claim_next_job(access=SYSTEM, worker=worker) is None
    assert release_due_jobs(access=SYSTEM) == 0


@pytest.mark.parametrize(
    ("hours", "sentence"), [(-1, "has passed"), (31 * 24, "within the next 30 days")]
)
def test_times_that_cannot_be_are_refused_with_their_field(
    world: World, hours: float, sentence: str
) -> None:
    with pytest.raises(InvalidInput, match=sentence) as caught:
        ask_for(world.pets, world.uma, start_at=soon(hours))
    assert caught.value.field == "start_at"

    request = ask_for(world.pets, world.uma)
    with pytest.raises(InvalidInput, match=sentence) as caught:
        reschedule(access=access_of(world.uma), request=request, moment=soon(hours))
    assert caught.value.field == "start_at"


def test_outside_the_working_hours_it_starts_when_they_begin(world: World) -> None:
    tomorrow_only(world, HoursRule.KEEP)

    job = ask_for(world.pets, world.uma, start_at=soon()).jobs.get()

    assert (job.status, job.start_at.hour, job.start_at.minute) == (JobStatus.SCHEDULED, 9, 0)
    assert job.start_at > soon(20)


def test_where_work_outside_the_hours_is_refused_so_is_such_a_time(world: World) -> None:
    tomorrow_only(world, HoursRule.REFUSE)

    with pytest.raises(LimitExceeded, match="working hours") as caught:
        ask_for(world.pets, world.uma, start_at=soon())
    assert caught.value.field == "start_at"


def test_the_time_is_changed_until_it_starts(world: World) -> None:
    request = ask_for(world.pets, world.uma, start_at=soon())
    later = soon(5)

    assert reschedule(access=access_of(world.uma), request=request, moment=later) == later

    assert request.jobs.get().start_at == later
    event = AuditEvent.objects.get(action="generation.request.rescheduled")
    assert event.data == {"start_at": later.isoformat()}


def test_started_now_it_stands_in_the_line_at_once(world: World) -> None:
    request = ask_for(world.pets, world.uma, start_at=soon())

    assert reschedule(access=access_of(world.uma), request=request, moment=None) is None

    job = request.jobs.get()
    assert (job.status, job.start_at) == (JobStatus.QUEUED, None)


def test_what_stands_in_the_line_can_be_put_off(world: World) -> None:
    request = ask_for(world.pets, world.uma, count=2)
    first = request.jobs.get(index=0)

    reschedule(access=access_of(world.uma), request=request, moment=soon(), only=[first.pk])

    assert list(request.jobs.order_by("index").values_list("status", flat=True)) == [
        JobStatus.SCHEDULED,
        JobStatus.QUEUED,
    ]


def test_start_now_does_not_move_what_stands_in_the_line(world: World) -> None:
    request = ask_for(world.pets, world.uma)
    before = GenerationJob.objects.values().get()

    reschedule(access=access_of(world.uma), request=request, moment=None)

    assert GenerationJob.objects.values().get() == before
    assert not AuditEvent.objects.filter(action="generation.request.rescheduled").exists()


def test_a_scheduled_request_is_cancelled_like_any_other(world: World) -> None:
    request = ask_for(world.pets, world.uma, start_at=soon())

    assert cancel_request(access=access_of(world.uma), request=request) == 1

    with pytest.raises(InvalidTransition):
        reschedule(access=access_of(world.uma), request=request, moment=None)


def test_scheduled_pictures_count_as_waiting(world: World) -> None:
    open_at_all_hours(world.lantern, max_waiting_per_person=2)
    ask_for(world.pets, world.uma, count=2, start_at=soon())

    with pytest.raises(LimitExceeded):
        ask_for(world.pets, world.uma)


def test_admins_change_the_time_and_others_do_not(world: World) -> None:
    request = ask_for(world.pets, world.uma, start_at=soon())

    with pytest.raises(NotPermitted):
        reschedule(access=access_of(world.rita), request=request, moment=None)
    reschedule(access=access_of(world.ada), request=request, moment=None)
    assert request.jobs.get().status == JobStatus.QUEUED
