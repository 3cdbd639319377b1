"""Who hears that pictures arrived."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
import redis
from django.conf import settings

from accounts.live import DUE_PREFIX, channel_of
from accounts.models import Membership
from accounts.queries.members import people_at
from tests.assets.builders import make_image

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def connection(world) -> Iterator[redis.Redis]:
    with redis.Redis.from_url(settings.REDIS_URL) as connection:
        connection.delete(f"{DUE_PREFIX}arrived:{world.pets.pk}")
        yield connection


def heard(listening: redis.client.PubSub) -> list[tuple[str, dict[str, object]]]:
    news = []
    while message := listening.get_message(timeout=0.3):
        if message["type"] == "message":
            news.append((message["channel"].decode(), json.loads(message["data"])))
    return news


def test_everybody_in_the_project_hears_of_a_swarm_once(world, connection) -> None:
    people = [world.uma, world.rita, world.mallory]
    with connection.pubsub() as listening:
        listening.subscribe(*(channel_of(person.pk) for person in people))

        for _ in range(3):
            make_image(world.pets, world.uma)

        news = heard(listening)
    arrived = {"type": "arrived", "project": world.pets.pk}
    assert all(piece == arrived for _channel, piece in news)
    heard_by = sorted(channel for channel, _piece in news)
    assert heard_by == sorted([channel_of(world.uma.pk), channel_of(world.rita.pk)])


def test_the_people_of_a_project_are_its_own_and_those_of_the_organization(world) -> None:
    here = people_at(world.lantern.pk, world.pets.pk)

    assert {world.uma.pk, world.rita.pk, world.ada.pk} <= set(here)
    assert world.mallory.pk not in here
    Membership.objects.filter(user=world.uma).update(is_active=False)
    assert world.uma.pk not in people_at(world.lantern.pk, world.pets.pk)
