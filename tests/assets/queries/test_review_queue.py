from assets.queries.review_queue import next_after, queue, waiting_for_review
from tests.assets.builders import decide, make_image, make_pending
from tests.builders import access_of


def test_the_oldest_picture_is_first_and_neighbours_follow(world):
    first, second, third = (make_pending(world.pets, world.uma) for _ in range(3))
    access = access_of(world.rita)

    start = queue(access, world.pets.pk)
    middle = queue(access, world.pets.pk, at=second.uid)

    assert (start.current, start.previous, start.next) == (first, None, second)
    assert (middle.previous, middle.current, middle.next) == (first, second, third)
    assert (middle.place, middle.waiting) == (2, 3)
    assert middle.strip == [first, second, third]


def test_own_pictures_are_left_out_and_counted(world):
    make_pending(world.pets, world.rita)
    other = make_pending(world.pets, world.uma)
    make_image(world.pets, world.uma)
    make_pending(world.products, world.uma)

    view = queue(access_of(world.rita), world.pets.pk)

    assert (view.strip, view.waiting, view.own) == ([other], 1, 1)
    assert waiting_for_review(access_of(world.rita), world.pets.pk) == 1
    assert waiting_for_review(access_of(world.ada), world.pets.pk) == 2


def test_who_may_not_review_has_no_queue(world):
    make_pending(world.pets, world.uma)

    for person in (world.paul, world.mallory):
        assert waiting_for_review(access_of(person), world.pets.pk) == 0
        assert queue(access_of(person), world.pets.pk).current is None


def test_a_picture_that_is_not_waiting_leads_to_the_beginning(world):
    first, second = (make_pending(world.pets, world.uma) for _ in range(2))
    decide(second, world.ada)

    assert queue(access_of(world.rita), world.pets.pk, at=second.uid).current == first


def test_after_a_decision_comes_the_next_one_and_then_the_ones_that_were_left(world):
    first, second, third = (make_pending(world.pets, world.uma) for _ in range(3))
    access = access_of(world.rita)

    assert next_after(access, second) == third
    assert next_after(access, third) == first
    decide(first, world.rita)
    decide(third, world.rita)
    assert next_after(access, second) is None


def test_an_empty_queue_is_empty(world):
    view = queue(access_of(world.rita), world.pets.pk)

    assert (view.current, view.place, view.waiting, view.own) == (None, 0, 0, 0)


def test_the_queue_costs_the_same_however_long_it_is(world, django_assert_max_num_queries):
    for _ in range(4):
        make_pending(world.pets, world.uma)
    access = access_of(world.rita)

    with django_assert_max_num_queries(5):
        view = queue(access, world.pets.pk)
        assert [image.prompt for image in view.strip]
