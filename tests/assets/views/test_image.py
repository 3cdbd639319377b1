import json

import pytest

from accounts.grants import apply
from accounts.models import Membership
from assets.models import Image
from assets.types import Decision, ReviewStatus
from tests.assets.builders import decide, make_image, make_pending
from tests.assets.snapshots import make_snapshot

BUTTONS = {
    "submit": "Submit for review",
    "withdraw": "Take back",
    "reopen": "Reopen",
    "review": "Ask for changes",
}


def url_of(image):
    return f"/images/{image.uid}/"


def offered(response):
    page = response.content.decode()
    return {name for name, words in BUTTONS.items() if words in page}


def test_the_page_shows_the_picture_and_everything_known_about_it(world, client_for):
    image = make_image(world.pets, world.uma, snapshot=make_snapshot())

    response = client_for(world.paul).get(url_of(image))
    page = response.content.decode()

    assert f'src="/images/{image.uid}/preview.webp"' in page
    assert "一只金毛犬，坐在草地上, soft light" in page
    for words in ("123456", "Z-Image-Turbo", "diffsynth: 2.1.12", "NVIDIA L4", "watercolour"):
        assert words in page
    assert f'href="/projects/{world.pets.pk}/generate/?from={image.uid}"' in page
    assert f'action="/images/{image.uid}/download/"' in page
    assert json.loads(response.context["metadata_json"])["picture"]["seed"] == 123456


def test_strangers_get_nothing_and_the_anonymous_sign_in(world, client_for, client):
    image = make_image(world.products, world.uma)

    assert client_for(world.mallory).get(url_of(image)).status_code == 404
    assert client_for(world.paul).get(url_of(image)).status_code == 404
    assert client.get(url_of(image)).status_code == 302


def test_neighbours_and_the_way_back_stay_in_the_search(world, client_for):
    old = make_image(world.pets, world.uma, prompt="a cat")
    make_image(world.pets, world.uma, prompt="a dog")
    middle = make_image(world.pets, world.uma, prompt="another cat")
    new = make_image(world.pets, world.uma, prompt="a third cat")

    context = client_for(world.uma).get(url_of(middle), {"text": "cat"}).context

    assert context["previous"].url == f"/images/{new.uid}/?q=cat"
    assert context["next"].url == f"/images/{old.uid}/?q=cat"
    assert context["gallery_url"] == f"/projects/{world.pets.pk}/?q=cat"


@pytest.mark.parametrize(
    ("status", "for_maker", "for_reviewer"),
    [
        (ReviewStatus.DRAFT, {"submit"}, set()),
        (ReviewStatus.PENDING, {"withdraw"}, {"review"}),
        (ReviewStatus.CHANGES_REQUESTED, {"submit"}, {"reopen"}),
        (ReviewStatus.APPROVED, set(), {"reopen"}),
        (ReviewStatus.REJECTED, set(), {"reopen"}),
    ],
)
def test_everybody_is_offered_what_they_may_do(world, client_for, status, for_maker, for_reviewer):
    image = make_image(world.pets, world.uma, review_status=status, archive_name="x.png")

    assert offered(client_for(world.uma).get(url_of(image))) == for_maker
    assert offered(client_for(world.rita).get(url_of(image))) == for_reviewer
    assert offered(client_for(world.paul).get(url_of(image))) == set()


def test_a_reviewer_is_told_why_the_own_picture_waits(world, client_for):
    image = make_pending(world.pets, world.rita)

    response = client_for(world.rita).get(url_of(image))

    assert offered(response) == {"withdraw"}
    assert "somebody else has to decide" in response.content.decode()


def test_decisions_are_told_with_their_comments(world, client_for):
    image = make_pending(world.pets, world.uma)
    decide(image, world.rita, Decision.REQUEST_CHANGES, "Softer <light>, please.")

    page = client_for(world.uma).get(url_of(image)).content.decode()

    assert "asked for changes" in page
    assert "Softer &lt;light&gt;, please." in page


def test_a_record_that_cannot_be_read_does_not_hide_the_picture(world, client_for):
    image = make_image(world.pets, world.uma, metadata={"schema": 99})

    response = client_for(world.uma).get(url_of(image))

    assert response.status_code == 200
    assert "cannot be read by this version" in response.content.decode()


def test_a_role_that_was_taken_away_acts_on_the_next_request(world, client_for):
    image = make_image(world.pets, world.uma)
    client = client_for(world.paul)
    assert client.get(url_of(image)).status_code == 200

    Membership.objects.filter(user=world.paul).update(is_active=False)
    apply(user_id=world.paul.pk, organization_id=world.lantern.pk)

    assert client.get(url_of(image)).status_code == 404


def test_the_page_costs_the_same_with_a_long_history(
    world, client_for, django_assert_max_num_queries
):
    image = make_pending(world.pets, world.uma)
    for _ in range(4):
        decide(image, world.rita, Decision.REQUEST_CHANGES)
        Image.objects.filter(pk=image.pk).update(review_status=ReviewStatus.PENDING)
    client = client_for(world.ada)

    # One of them counts the reader's open pictures, for the navigation.
    with django_assert_max_num_queries(16):
        client.get(url_of(image))
