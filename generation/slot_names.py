"""What the places of a machine's workers are called. The names outlive restarts. Pure."""

from __future__ import annotations


def slot_name(machine: str, number: int = 1, *, of: int = 1, given: str = "") -> str:
    """The name of the `number`th of `of` workers of a machine, counted from 1.

    A name that somebody has given is taken as it is when there is one worker, and numbered when
    there are several; the machine's own name is always numbered, so that a second worker does not
    rename the first.
    """
    if given and of == 1:
        return given
    return f"{given or machine}-{number}"


def device_of(number: int, devices: list[str]) -> str:
    """The device of the `number`th worker: they are dealt in turn. Empty when none is named."""
    return devices[(number - 1) % len(devices)] if devices else ""
