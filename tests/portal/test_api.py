"""The API as a whole: its schema, and what holds for every address of it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from django.core.management import call_command

from accounts.roles import Scope
from tests.callers import Program, assert_refused, program_of

SCHEMA = "/api/v1/schema/"
FOR_OPERATORS = [
    f"/api/v1/workers/{{slot_id}}/{deed}/" for deed in ("pause", "resume", "drain", "reset")
]


@pytest.fixture(scope="module")
def schema(tmp_path_factory) -> dict[str, Any]:
    """The schema; a warning while it is made fails the test."""
    path = tmp_path_factory.mktemp("schema") / "schema.yml"
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(path))
    return yaml.safe_load(path.read_text())


def operations(schema: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def filled(path: str) -> str:
    """The path below `/api/v1` with parameters of the right kind that lead nowhere."""
    for name in ("uid", "export_uid", "request_id", "job_id", "undo_id"):
        path = path.replace(f"{{{name}}}", str(uuid.uuid4()))
    for name in (
        "project_id",
        "template_id",
        "slot_id",
        "collection_id",
        "tag_id",
        "search_id",
        "comment_id",
    ):
        path = path.replace(f"{{{name}}}", "999999")
    return path.replace("{slug}", "nobody").replace("{kind}", "thumb").removeprefix("/api/v1")


def test_the_schema_is_for_everybody_in_json_and_yaml(client, db, schema) -> None:
    answer = client.get(SCHEMA)

    assert answer["Content-Type"].startswith("application/json")
    assert answer.json()["paths"].keys() == schema["paths"].keys()
    as_yaml = client.get(SCHEMA, headers={"Accept": "application/yaml"})
    assert yaml.safe_load(as_yaml.content) == answer.json()


def test_every_operation_has_an_id_a_scope_and_its_refusals(schema) -> None:
    ids = [operation["operationId"] for _, _, operation in operations(schema)]
    assert len(ids) == len(set(ids)) >= 30
    for path, method, operation in operations(schema):
        where = f"{method} {path}"
        if path in FOR_OPERATORS:
            assert "x-required-scope" not in operation, where
            assert operation["security"] == [{"session": []}], where
        else:
            assert operation["x-required-scope"] in list(Scope), where
            assert operation["security"] == [{"token": []}, {"session": []}], where
        assert {"401", "403", "429"} <= operation["responses"].keys(), where
        assert ("404" in operation["responses"]) == ("{" in path), where
        assert ("400" in operation["responses"]) or "requestBody" not in operation, where


def test_nobody_is_refused_everywhere(db, schema) -> None:
    for path, method, _ in operations(schema):
        response = Program().call(method, filled(path))
        assert_refused(response, 401, code="not_authenticated")
        assert response["WWW-Authenticate"] == "Bearer"


def test_a_token_of_every_other_scope_is_refused_everywhere(world, schema) -> None:
    programs = {
        missing: program_of(
            world.ada, world.lantern, *(set(Scope) - {missing}), name=f"not {missing}"
        )
        for missing in Scope
    }
    for path, method, operation in operations(schema):
        if path not in FOR_OPERATORS:
            program = programs[Scope(operation["x-required-scope"])]
            assert_refused(program.call(method, filled(path)), 403, code="scope_missing")


def test_no_token_operates_the_site(world, schema) -> None:
    world.ada.is_superuser = True
    world.ada.save(update_fields=["is_superuser"])
    program = program_of(world.ada, world.lantern)

    for path in FOR_OPERATORS:
        assert path in schema["paths"]
        assert_refused(program.call("post", filled(path)), 403, code="scope_missing")


def test_every_thing_that_does_not_exist_is_a_404(world, schema) -> None:
    program = program_of(world.ada, world.lantern)
    for path, method, _ in operations(schema):
        if "{" in path and path not in FOR_OPERATORS:
            assert_refused(program.call(method, filled(path), None), 404, code="not_found")


@pytest.mark.parametrize("path", ["/", "/nothing/", "/images/not-a-uid/", "/me", "/jobs/5/cancel/"])
@pytest.mark.parametrize("method", ["get", "post", "options"])
def test_other_addresses_say_in_json_that_nothing_is_there(db, path, method) -> None:
    assert_refused(Program().call(method, path), 404, code="not_found")


def test_answers_stay_out_of_caches(world) -> None:
    response = program_of(world.ada, world.lantern).call("get", "/me/")

    assert response["Cache-Control"] == "no-store"
    assert "Authorization" in response["Vary"]


def test_a_fault_of_the_site_is_said_in_json_too(world, monkeypatch) -> None:
    def broken(_access: object) -> None:
        raise RuntimeError("a fault")

    monkeypatch.setattr("accounts.api.me.projects_of", broken)
    program = program_of(world.ada, world.lantern)
    program.raise_request_exception = False

    assert_refused(program.call("get", "/me/"), 500, code="internal")
