"""The home page."""

from __future__ import annotations

from typing import Any

import pytest

from assets.types import Decision
from tests.assets.builders import decide, make_pending


@pytest.mark.django_db
def test_home_says_what_the_reviewer_asked_for_and_leads_to_the_picture(
    world: Any, client_for: Any
) -> None:
    image = make_pending(world.pets, world.uma)
    decide(image, world.rita, Decision.REQUEST_CHANGES, "Softer light, please.")

    html = client_for(world.uma).get("/").content.decode()

    assert "Softer light, please." in html
    assert str(world.rita) in html
    assert f'href="/images/{image.uid}/"' in html
    assert "Softer light, please." not in client_for(world.rita).get("/").content.decode()


@pytest.mark.django_db
def test_a_picture_lies_in_the_gallery_of_the_rail(world: Any, client_for: Any) -> None:
    image = make_pending(world.pets, world.uma)

    html = client_for(world.uma).get(f"/images/{image.uid}/").content.decode()

    assert f'href="/projects/{world.pets.pk}/" aria-current="page"' in html
