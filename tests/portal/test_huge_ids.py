"""Numbers that no database column holds are a page that does not exist, not a crash."""

from __future__ import annotations

from types import MappingProxyType

import pytest
from django.test import Client

from tests.builders import World
from tests.portal.walking import addresses

pytestmark = pytest.mark.django_db

HUGE = "9" * 30
UID = "00000000-0000-0000-0000-000000000000"
VALUES = MappingProxyType(
    {
        **dict.fromkeys(
            [
                "project_id",
                "template_id",
                "membership_id",
                "user_id",
                "invitation_id",
                "token_id",
                "organization_id",
                "number",
                "version_number",
                "slot_id",
                "model_id",
                "lora_id",
                "run_id",
                "comment_id",
                "collection_id",
                "tag_id",
                "search_id",
            ],
            HUGE,
        ),
        **dict.fromkeys(["uid", "export_uid", "request_id", "job_id", "undo_id"], UID),
        "slug": "lantern",
        "kind": "thumb",
        "secret": "x",
        "key": "x",
        "uidb36": "zzzzzzzzzzzzzzzzzzzzz",
        "organization_slug": "lantern",
        "path": "x",
    }
)


def test_huge_ids_are_not_found(world: World, client_for) -> None:
    world.ada.is_superuser = True  # so that the addresses of the site are asked as well
    world.ada.save(update_fields=["is_superuser"])
    client: Client = client_for(world.ada)
    client.raise_request_exception = False

    crashed = [
        f"{method} {address.name}"
        for address in addresses(VALUES)
        if address.names_a_thing and address.name != "portal:health"
        for method in ("GET", "POST")
        if client.generic(method, address.path).status_code >= 500
    ]

    assert crashed == []
