"""How full a quota is, in words."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy

from generation.queries.meters import Meter
from generation.quotas import Period, Scope, Unit, Who, amount_words

NEARLY_FULL = 0.8

_SENTENCES: dict[tuple[Unit, Period], Promise] = {
    (Unit.IMAGES, Period.DAY): ngettext_lazy(
        "%(taken)s of %(most)s picture today; anew at %(time)s",
        "%(taken)s of %(most)s pictures today; anew at %(time)s",
        "count",
    ),
    (Unit.IMAGES, Period.MONTH): ngettext_lazy(
        "%(taken)s of %(most)s picture this month; anew on %(date)s",
        "%(taken)s of %(most)s pictures this month; anew on %(date)s",
        "count",
    ),
    (Unit.GPU_SECONDS, Period.DAY): gettext_lazy(
        "%(taken)s of %(most)s of GPU time today; anew at %(time)s"
    ),
    (Unit.GPU_SECONDS, Period.MONTH): gettext_lazy(
        "%(taken)s of %(most)s of GPU time this month; anew on %(date)s"
    ),
}
_OWNERS: dict[tuple[Scope, Who], Promise] = {
    (Scope.PROJECT, Who.PERSON): gettext_lazy("You, in this project"),
    (Scope.PROJECT, Who.EVERYBODY): gettext_lazy("Everybody, in this project"),
    (Scope.ORGANIZATION, Who.PERSON): gettext_lazy("You, in the organization"),
    (Scope.ORGANIZATION, Who.EVERYBODY): gettext_lazy("Everybody, in the organization"),
}


@dataclass(frozen=True, slots=True)
class MeterWords:
    """One meter as a page shows it: whose, how much, what of it is still to come, how full."""

    owner: str
    sentence: str
    waiting: str
    percent: int
    state: str

    @classmethod
    def of(cls, meter: Meter) -> MeterWords:
        """The words of a meter. `state` is `full`, `near` or nothing."""
        full = meter.share >= 1
        return cls(
            owner=meter.person or str(_OWNERS[meter.quota.scope, meter.quota.who]),
            sentence=meter_sentence(meter),
            waiting=_waiting(meter),
            percent=round(meter.share * 100),
            state="full" if full else "near" if meter.share >= NEARLY_FULL else "",
        )


def meter_sentence(meter: Meter) -> str:
    """How much is used, and when it starts anew: `12 of 40 pictures today; anew at 00:00`."""
    quota = meter.quota
    return str(
        _SENTENCES[quota.unit, quota.period]
        % {
            "count": round(quota.most),
            "taken": amount_words(quota.unit, meter.taken),
            "most": amount_words(quota.unit, quota.most),
            "time": date_format(meter.resets_at, "H:i"),
            "date": date_format(meter.resets_at, "MONTH_DAY_FORMAT"),
        }
    )


def _waiting(meter: Meter) -> str:
    reserved = meter.use.reserved
    if reserved <= 0:
        return ""
    if meter.quota.unit == Unit.IMAGES:
        count = round(reserved)
        return ngettext(
            "%(count)d of them waits or runs", "%(count)d of them wait or run", count
        ) % {"count": count}
    amount = amount_words(meter.quota.unit, reserved)
    return _("%(amount)s of it waits or runs, as far as is known") % {"amount": amount}
