"""The page of a project's limits."""

from __future__ import annotations

from dataclasses import asdict

import pytest
from django.urls import reverse

from accounts.models import AuditEvent
from generation.limits import PolicyValues
from generation.queries.limits import policy_of
from tests.builders import World

pytestmark = pytest.mark.django_db


def address(world: World) -> str:
    return reverse("generation:policy", kwargs={"project_id": world.pets.pk})


def test_ada_changes_the_limits(world: World, client_for) -> None:
    wanted = PolicyValues(max_side=2048, max_steps=30, max_images_per_request=2)
    typed = {name: value for name, value in asdict(wanted).items() if value is not None}

    answer = client_for(world.ada).post(address(world), typed)

    assert answer.status_code == 302
    assert policy_of(world.pets.pk) == wanted
    assert AuditEvent.objects.filter(action="generation.policy.changed").count() == 1


def test_the_page_tells_what_a_limit_may_be(world: World, client_for) -> None:
    page = client_for(world.ada).get(address(world)).content.decode()

    assert 'name="max_side"' in page
    assert 'min="256"' in page
    assert 'max="4096"' in page


@pytest.mark.parametrize(
    ("field", "typed"),
    [("max_side", "255"), ("max_side", "4097"), ("max_steps", "0"), ("max_steps", "NaN"),
     ("max_images_per_request", "201"),
     ("max_waiting_per_person", "9" * 30)],
)  # fmt: skip
def test_nonsense_is_refused_and_kept_on_the_page(
    world: World, client_for, field: str, typed: str
) -> None:
    answer = client_for(world.ada).post(address(world), {field: typed})

    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {field}
    assert answer.context["form"][field].value() == typed
    assert policy_of(world.pets.pk) == PolicyValues()
