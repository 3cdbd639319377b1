"""What people see when something is refused."""

from __future__ import annotations

import pytest

from tests.builders import World

pytestmark = pytest.mark.django_db


def test_address_that_only_takes_forms_explains_itself(world: World, client_for) -> None:
    response = client_for(world.uma).get("/profile/theme/")

    assert (response.status_code, response["Allow"]) == (405, "POST")
    assert "Not this way" in response.content.decode()


def test_programs_are_told_in_json(world: World, client_for) -> None:
    response = client_for(world.uma).delete("/api/v1/me/")

    assert response.status_code == 405
    assert response.json()["code"] == "method_not_allowed"
