"""The page of a model's canaries: for those who operate the site."""

from __future__ import annotations

import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from assets import storage
from generation.actions.canaries import check_canaries
from generation.actions.workers import register_worker
from generation.models import CanaryRun, ModelVersion
from generation.queries.canaries import canary_state
from generation.types import CanaryOutcome
from tests.builders import World
from tests.generation.builders import SYSTEM, make_model
from tests.generation.canary_engines import UpgradedEngine

pytestmark = pytest.mark.django_db


@pytest.fixture
def model(db) -> ModelVersion:
    return make_model("Z-Image-Turbo", is_default=True)


@pytest.fixture
def drifted(model: ModelVersion) -> ModelVersion:
    """A model that draws something else since an upgrade."""
    worker = register_worker(access=SYSTEM, slot="gpu-0", engines=["preview"])
    for engine in (UpgradedEngine(by=0, version="1"), UpgradedEngine(by=40, version="2")):
        check_canaries(access=SYSTEM, worker=worker, engine=engine, model=model)
    return model


@pytest.fixture
def operator(world: World, client_for):
    world.ada.is_superuser = True
    world.ada.save()
    return client_for(world.ada)


def address(model: ModelVersion, what: str = "") -> str:
    return reverse(f"generation:canaries{what}", kwargs={"model_id": model.pk})


def picture(run: CanaryRun) -> str:
    return reverse(
        "generation:canary-picture",
        kwargs={"model_id": run.model_version_id, "run_id": run.pk},
    )


def test_the_page_shows_what_was_and_what_is_beside_each_other(operator, drifted) -> None:
    text = operator.get(address(drifted)).content.decode()

    assert "This model draws something else than it did" in text
    assert "It goes on working." in text
    assert "torch 1 → 2" in text
    for run in CanaryRun.objects.all():
        assert picture(run) in text


def test_a_blocked_model_is_said_to_be_one(operator, drifted, settings) -> None:
    settings.CANARY = "block"
    worker = register_worker(access=SYSTEM, slot="gpu-0", engines=["preview"])
    with pytest.raises(Exception, match="draws other pictures"):
        check_canaries(access=SYSTEM, worker=worker, engine=UpgradedEngine(by=40), model=drifted)

    assert "It may not work in the places below." in operator.get(address(drifted)).text


def test_accepting_makes_an_end_of_it(operator, drifted) -> None:
    answer = operator.post(address(drifted, "-accept"), follow=True)

    assert "What the model draws now is the reference." in answer.text
    assert "something else than it did" not in answer.text
    assert operator.post(address(drifted, "-accept")).status_code == 409


def test_forgetting_begins_anew(operator, drifted) -> None:
    answer = operator.post(address(drifted, "-reset"), follow=True)

    assert "No canary was drawn yet" in answer.text
    assert not CanaryRun.objects.filter(is_current=True).exists()


def test_pictures_are_delivered_as_pictures_and_kept_by_the_browser(operator, drifted) -> None:
    run = CanaryRun.objects.first()

    answer = operator.get(picture(run))

    assert answer.content == storage.read(run.path)
    assert answer["Content-Type"] == "image/png"
    assert "private" in answer["Cache-Control"]
    again = operator.get(picture(run), headers={"if-none-match": answer["ETag"]})
    assert again.status_code == 304


def test_a_picture_that_was_not_kept_or_is_gone_is_not_there(operator, drifted) -> None:
    run = CanaryRun.objects.first()
    storage.delete_quietly(run.path)
    assert operator.get(picture(run)).status_code == 404

    CanaryRun.objects.filter(pk=run.pk).update(path="")
    assert operator.get(picture(run)).status_code == 404


def test_a_picture_is_not_found_under_another_model(operator, drifted) -> None:
    run = CanaryRun.objects.first()
    run.model_version_id = make_model("Z-Image").pk

    assert operator.get(picture(run)).status_code == 404


def test_a_model_that_is_not_there_has_no_page(operator, model) -> None:
    missing = reverse("generation:canaries", kwargs={"model_id": 424242})

    assert operator.get(missing).status_code == 404


@pytest.mark.parametrize("person", ["uma", "rita", "ada", "mallory"])
def test_nobody_else_may_look_or_decide(world: World, client_for, drifted, person: str) -> None:
    client = client_for(getattr(world, person))

    assert client.get(address(drifted)).status_code == 403
    assert client.get(picture(CanaryRun.objects.first())).status_code == 403
    for what in ("-accept", "-reset"):
        assert client.post(address(drifted, what)).status_code == 403
    assert CanaryRun.objects.filter(outcome=CanaryOutcome.DRIFTED, is_current=True).count() == 3


def test_looking_changes_nothing(operator, drifted) -> None:
    for what in ("-accept", "-reset"):
        assert operator.get(address(drifted, what)).status_code == 405


def test_switched_off_the_page_says_so(operator, model, settings) -> None:
    settings.CANARY = "off"

    assert "ATELIER_CANARY=off" in operator.get(address(model)).text


def test_the_line_for_other_pages_says_it_in_a_word(model, drifted) -> None:
    other = make_model("Z-Image")

    states = canary_state([drifted, other])

    assert "Changed" in render_to_string("generation/_canaries.html", {"state": states[drifted.pk]})
    line = render_to_string("generation/_canaries.html", {"state": states[other.pk]})
    assert "Not drawn yet" in line
    assert address(other) in line


def test_the_states_of_many_models_take_as_many_questions_as_one(
    drifted, django_assert_num_queries
) -> None:
    models = [drifted, *(make_model(f"Model {number}") for number in range(4))]

    with django_assert_num_queries(2):
        canary_state(models)
