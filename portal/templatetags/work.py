"""Tags for what waits: its start in words, and what may be done to it."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.utils import timezone

from generation.views.options import RequestOptions
from generation.views.options import options_of as find_options
from generation.views.showing import RequestCard
from generation.wording import scheduled_words

register = template.Library()


@register.simple_tag
def starts(moment: datetime, time_zone: str) -> str:
    """`{% starts job.start_at organization.time_zone %}`: "Starts at 19:00", in that zone."""
    return scheduled_words(moment, time_zone, timezone.now())


@register.simple_tag
def options_of(card: RequestCard) -> RequestOptions:
    """`{% options_of card as options %}`: which buttons stand beside the request."""
    return find_options(card)
