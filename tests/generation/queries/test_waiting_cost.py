"""What finding the next job costs once many are done."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from generation.models import Demand
from generation.queries.stepping import heads_query, lines_query
from generation.queries.waiting import running_now
from generation.types import JobStatus
from tests.builders import World
from tests.generation.builders import ask_for

pytestmark = pytest.mark.django_db


def test_running_jobs_are_counted_without_a_look_at_those_that_are_done(world: World) -> None:
    ask_for(world.pets, world.uma, count=2).jobs.update(
        status=JobStatus.RUNNING, attempt_token=uuid4()
    )

    with CaptureQueriesContext(connection) as asked:
        assert [each.job for each in running_now()] == [
            (world.uma.pk, world.pets.pk, world.lantern.pk)
        ] * 2

    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {asked[0]['sql']}")
            assert "running_jobs_of_a_worker" in str(cursor.fetchall())


@pytest.mark.parametrize("few_and_how_many", [True, False])
def test_lines_are_stepped_through_an_index_and_never_read(
    world: World, few_and_how_many: bool
) -> None:
    ask_for(world.pets, world.uma)
    demands = list(Demand.objects.values_list("pk", flat=True))
    query = lines_query(1, few=20, most=200) if few_and_how_many else heads_query(1)

    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {query}", demands)
            plan = [str(row[-1]) for row in cursor.fetchall()]
        looks = [each for each in plan if "job" in each]
        assert len(looks) > 5
        assert all("INDEX first_waiting_job_of_each" in each for each in looks)
