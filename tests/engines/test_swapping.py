"""The order in which one large thing takes the place of another, without any model."""

import gc
import weakref

import pytest

from generation.engines.base import GpuFault, OutOfMemory, WeightsInvalid
from generation.engines.diffsynth.swapping import swap


class Thing:
    def __init__(self, name):
        self.name = name


class Place:
    """Holds one thing, counts how many there were at once, and fails to bring as it is told."""

    def __init__(self, **failures):
        self.held = Thing("old")
        self.log = []
        self._failures = {name: list(errors) for name, errors in failures.items()}
        self._alive = weakref.WeakSet([self.held])
        self.most = 1

    def bring(self, name):
        thing = Thing(name)
        self._alive.add(thing)
        gc.collect()
        self.most = max(self.most, len(self._alive))
        self.log.append(name)
        if self._failures.get(name):
            raise self._failures[name].pop(0)
        return thing

    def put(self, thing):
        self.held = thing

    def drop(self):
        self.held = None

    def swap(self, *, beside):
        return swap(
            beside=beside,
            bring=lambda: self.bring("new"),
            put=self.put,
            drop=self.drop,
            bring_back=lambda: self.bring("old"),
        )

    @property
    def name(self):
        return self.held and self.held.name


def test_with_room_the_old_serves_until_the_new_is_there():
    place = Place()
    assert place.swap(beside=True) is None
    assert (place.name, place.log, place.most) == ("new", ["new"], 2)


def test_without_room_the_old_goes_first():
    place = Place()
    assert place.swap(beside=False) is None
    assert (place.name, place.log, place.most) == ("new", ["new"], 1)


def test_a_failure_beside_the_old_leaves_it_untouched():
    place = Place(new=[ValueError("Cannot detect the model type")])
    old = place.held
    assert isinstance(place.swap(beside=True), WeightsInvalid)
    assert place.held is old
    assert place.log == ["new"]


def test_when_the_room_was_not_enough_the_old_goes_and_it_is_tried_again():
    place = Place(new=[RuntimeError("CUDA out of memory")])
    assert place.swap(beside=True) is None
    assert (place.name, place.log) == ("new", ["new", "new"])


@pytest.mark.parametrize("beside", [True, False])
def test_when_the_new_fits_nowhere_the_old_is_brought_back(beside):
    place = Place(new=[MemoryError(), MemoryError()])
    assert isinstance(place.swap(beside=beside), OutOfMemory)
    assert (place.name, place.log[-1]) == ("old", "old")


def test_when_neither_can_be_brought_nothing_is_there_and_the_first_failure_is_told():
    place = Place(new=[ValueError("Cannot detect the model type")], old=[MemoryError()])
    failure = place.swap(beside=False)
    assert isinstance(failure, WeightsInvalid)
    assert place.held is None


def test_after_a_fault_of_the_gpu_nothing_more_is_tried():
    place = Place(new=[RuntimeError("CUDA error: device-side assert triggered")])
    assert isinstance(place.swap(beside=False), GpuFault)
    assert (place.held, place.log) == (None, ["new"])


def test_a_failure_keeps_nothing_of_what_was_begun():
    begun = []

    def bring():
        thing = Thing("half")
        begun.append(weakref.ref(thing))
        raise MemoryError(thing.name)

    failure = swap(
        beside=False, bring=bring, put=lambda _: None, drop=lambda: None, bring_back=lambda: None
    )
    assert isinstance(failure, OutOfMemory)
    assert failure.__traceback__ is failure.__cause__ is failure.__context__ is None
    assert [ref() for ref in begun] == [None]


def test_a_stop_from_outside_is_not_swallowed():
    place = Place(new=[KeyboardInterrupt()])
    with pytest.raises(KeyboardInterrupt):
        place.swap(beside=True)
    assert place.name == "old"
