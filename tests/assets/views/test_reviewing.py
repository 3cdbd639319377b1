import json

import pytest

from assets import storage
from assets.models import Image, Review
from assets.types import Decision, ReviewStatus
from tests.assets.builders import decide, make_image, make_pending


def url_of(image, step=""):
    return f"/images/{image.uid}/{step}"


def queue_url(project):
    return f"/projects/{project.pk}/review/"


def answer(image, decision=Decision.APPROVE, **fields):
    return {"decision": decision.value, "sha256": image.sha256, "comment": "", **fields}


def status_of(image):
    return Image.objects.get(pk=image.pk).review_status


def test_maker_submits_and_takes_back_and_stays_in_the_search(world, client_for):
    image = make_image(world.pets, world.uma)
    client = client_for(world.uma)

    submitted = client.post(url_of(image, "submit/") + "?text=金毛")
    assert submitted["Location"] == f"/images/{image.uid}/?q=%E9%87%91%E6%AF%9B"
    assert status_of(image) == ReviewStatus.PENDING

    client.post(url_of(image, "withdraw/"))
    assert status_of(image) == ReviewStatus.DRAFT


def test_a_page_with_several_pictures_stays_when_one_is_submitted(world, client_for):
    image = make_image(world.pets, world.uma)

    response = client_for(world.uma).post(url_of(image, "submit/"), headers={"hx-request": "true"})

    assert (response.status_code, response.content) == (204, b"")
    assert set(json.loads(response["HX-Trigger"])) == {"atelier:toast", "atelier:changed"}
    assert status_of(image) == ReviewStatus.PENDING


def test_reviewer_approves_on_the_page_of_the_picture(world, client_for):
    image = make_pending(world.pets, world.uma)

    response = client_for(world.rita).post(url_of(image, "review/"), answer(image), follow=True)

    assert response.redirect_chain == [(url_of(image), 302)]
    assert "宠物主题_20250105_0001.png" in response.content.decode()
    assert "Approved." in response.content.decode()


def test_a_refusal_without_a_comment_comes_back_with_the_reason_beside_the_field(world, client_for):
    image = make_pending(world.pets, world.uma)

    response = client_for(world.rita).post(url_of(image, "review/"), answer(image, Decision.REJECT))

    assert response.status_code == 422
    assert "Say what is wrong" in response.content.decode()
    assert response.templates[0].name == "assets/image.html"
    assert status_of(image) == ReviewStatus.PENDING


def test_in_the_queue_it_comes_back_to_the_queue(world, client_for):
    make_pending(world.pets, world.uma)
    image = make_pending(world.pets, world.uma)

    response = client_for(world.rita).post(
        url_of(image, "review/"), answer(image, Decision.REQUEST_CHANGES, place="queue")
    )

    assert response.status_code == 422
    assert response.templates[0].name == "assets/review_queue.html"
    assert response.context["image"] == image
    assert "Say what is wrong" in response.content.decode()


def test_a_decision_in_the_queue_leads_to_the_next_picture(world, client_for):
    first, second = (make_pending(world.pets, world.uma) for _ in range(2))
    client = client_for(world.rita)

    to_second = client.post(url_of(first, "review/"), answer(first, place="queue"))
    to_the_end = client.post(url_of(second, "review/"), answer(second, place="queue"), follow=True)

    assert to_second["Location"] == f"{queue_url(world.pets)}?image={second.uid}"
    assert to_the_end.redirect_chain == [(queue_url(world.pets), 302)]
    assert "Nothing waits for you" in to_the_end.content.decode()


@pytest.mark.parametrize(
    "wrong",
    [{"decision": "maybe"}, {"decision": ""}, {"sha256": ""}, {"comment": "x" * 2001}],
)
def test_a_form_that_was_tampered_with_changes_nothing(world, client_for, wrong):
    image = make_pending(world.pets, world.uma)

    response = client_for(world.rita).post(url_of(image, "review/"), answer(image) | wrong)

    assert response.status_code == 422
    assert not Review.objects.exists()


def test_another_hash_a_damaged_file_and_a_second_decision_are_told_apart(world, client_for):
    image, damaged, decided = (make_pending(world.pets, world.uma) for _ in range(3))
    with storage.archive_storage().open(damaged.path, "wb") as file:
        file.write(b"something else")
    decide(decided, world.ada, Decision.REJECT)
    client = client_for(world.rita)

    pages = [
        client.post(url_of(image, "review/"), answer(image, sha256="0" * 64)),
        client.post(url_of(damaged, "review/"), answer(damaged)),
        client.post(url_of(decided, "review/"), answer(decided)),
    ]

    assert [page.status_code for page in pages] == [409, 409, 409]
    for page, words in zip(
        pages, ["not the picture that you looked at", "missing or damaged", "faster"], strict=True
    ):
        assert words in page.content.decode()


def test_reviewer_reopens(world, client_for):
    image = decide(make_pending(world.pets, world.uma), world.rita)

    client_for(world.ada).post(url_of(image, "reopen/"))

    assert status_of(image) == ReviewStatus.PENDING


@pytest.mark.parametrize(
    ("step", "person", "status"),
    [
        ("submit", "mallory", 404),
        ("submit", "rita", 403),
        ("withdraw", "mallory", 404),
        ("withdraw", "rita", 403),
        ("review", "mallory", 404),
        ("review", "uma", 403),
        ("review", "paul", 403),
        ("reopen", "mallory", 404),
        ("reopen", "uma", 403),
    ],
)
def test_steps_are_for_those_who_may(world, client_for, step, person, status):
    image = make_pending(world.pets, world.uma)

    response = client_for(getattr(world, person)).post(url_of(image, f"{step}/"), answer(image))

    assert response.status_code == status
    assert status_of(image) == ReviewStatus.PENDING


@pytest.mark.parametrize("step", ["submit", "withdraw", "review", "reopen"])
def test_steps_are_posts_of_people_who_are_signed_in(world, client_for, client, step):
    image = make_pending(world.pets, world.uma)

    assert client_for(world.rita).get(url_of(image, f"{step}/")).status_code == 405
    assert client.post(url_of(image, f"{step}/")).status_code == 302
    assert status_of(image) == ReviewStatus.PENDING


def test_nobody_approves_their_own_picture(world, client_for):
    image = make_pending(world.pets, world.rita)

    response = client_for(world.rita).post(url_of(image, "review/"), answer(image))

    assert response.status_code == 403
    assert status_of(image) == ReviewStatus.PENDING


def test_the_queue_shows_one_picture_large_and_the_others_as_a_strip(world, client_for):
    first, second = (make_pending(world.pets, world.uma) for _ in range(2))
    make_pending(world.pets, world.rita)

    response = client_for(world.rita).get(queue_url(world.pets), {"image": str(second.uid)})
    page = response.content.decode()

    assert response.context["image"] == second
    assert [frame["image"] for frame in response.context["strip"]] == [first, second]
    assert "2 of 2" in page
    assert "One picture of yours waits for somebody else" in page
    assert f'value="{second.sha256}"' in page


@pytest.mark.parametrize("at", ["", "nonsense", "00000000-0000-0000-0000-000000000000"])
def test_the_queue_begins_with_the_oldest(world, client_for, at):
    first, _second = (make_pending(world.pets, world.uma) for _ in range(2))

    response = client_for(world.rita).get(queue_url(world.pets), {"image": at})

    assert response.context["image"] == first


def test_an_empty_queue_explains_itself(world, client_for):
    make_pending(world.pets, world.rita)

    page = client_for(world.rita).get(queue_url(world.pets)).content.decode()

    assert "Nothing waits for you" in page
    assert "nobody decides on their own" in page


def test_the_queue_is_for_reviewers(world, client_for, client):
    assert client_for(world.uma).get(queue_url(world.pets)).status_code == 403
    assert client_for(world.mallory).get(queue_url(world.pets)).status_code == 404
    assert client.get(queue_url(world.pets)).status_code == 302


def test_the_queue_costs_the_same_however_long_it_is(
    world, client_for, django_assert_max_num_queries
):
    for _ in range(6):
        make_pending(world.pets, world.uma)
    client = client_for(world.rita)

    # One of them counts the reader's open pictures, for the navigation.
    with django_assert_max_num_queries(13):
        client.get(queue_url(world.pets))
