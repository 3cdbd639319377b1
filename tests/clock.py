"""What time it is for the site: tests say it, and nobody sleeps."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone


class Clock:
    """The site's clock. It stands still at `now`; before anybody has set it, it goes as always."""

    def __init__(self) -> None:
        self._real = timezone.now
        self.now: datetime | None = None

    def __call__(self) -> datetime:
        return self.now or self._real()

    def set(self, moment: str) -> datetime:
        """Make it this moment, in ISO format with its offset; return it."""
        self.now = datetime.fromisoformat(moment)
        assert self.now.tzinfo is not None
        return self.now

    def move(self, **delta: float) -> datetime:
        """Let time pass, in the units of `timedelta`; return what it is then."""
        self.now = self() + timedelta(**delta)
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock that everything reads, rows that say when they were made as well."""
    found = Clock()
    monkeypatch.setattr("django.utils.timezone.now", found)
    return found
