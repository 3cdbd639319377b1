"""The sentences that say which quota is in the way: one for every kind, none put together.

`count` decides between "picture" and "pictures"; amounts come in as words, with their unit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy


@dataclass(frozen=True, slots=True)
class QuotaSentences:
    """What to say when nothing is left, when too little is left, and when it can never be."""

    used_up: Promise
    some_left: Promise
    never_fits: Promise


# By the values of `Scope`, `Who`, `Unit` and `Period` in `generation.quotas`.
SENTENCES: Mapping[tuple[str, str, str, str], QuotaSentences] = {
    ("project", "person", "images", "day"): QuotaSentences(
        used_up=ngettext_lazy(
            "You have used %(used)s of %(most)s picture today in this project. It starts anew at "
            "%(time)s, in %(wait)s.",
            "You have used %(used)s of %(most)s pictures today in this project. It starts anew at "
            "%(time)s, in %(wait)s.",
            "count",
        ),
        some_left=ngettext_lazy(
            "You have %(left)s of %(most)s picture left today in this project, and this needs "
            "%(asked)s. Ask for fewer, or wait: it starts anew at %(time)s, in %(wait)s.",
            "You have %(left)s of %(most)s pictures left today in this project, and this needs "
            "%(asked)s. Ask for fewer, or wait: it starts anew at %(time)s, in %(wait)s.",
            "count",
        ),
        never_fits=ngettext_lazy(
            "This needs %(asked)s picture, and one person may have %(most)s a day in this "
            "project. Ask for fewer, or ask an admin to raise the limit.",
            "This needs %(asked)s pictures, and one person may have %(most)s a day in this "
            "project. Ask for fewer, or ask an admin to raise the limit.",
            "count",
        ),
    ),
    ("project", "person", "images", "month"): QuotaSentences(
        used_up=ngettext_lazy(
            "You have used %(used)s of %(most)s picture this month in this project. It starts "
            "anew on %(date)s, in %(wait)s.",
            "You have used %(used)s of %(most)s pictures this month in this project. It starts "
            "anew on %(date)s, in %(wait)s.",
            "count",
        ),
        some_left=ngettext_lazy(
            "You have %(left)s of %(most)s picture left this month in this project, and this "
            "needs %(asked)s. Ask for fewer, or wait: it starts anew on %(date)s, in %(wait)s.",
            "You have %(left)s of %(most)s pictures left this month in this project, and this "
            "needs %(asked)s. Ask for fewer, or wait: it starts anew on %(date)s, in %(wait)s.",
            "count",
        ),
        never_fits=ngettext_lazy(
            "This needs %(asked)s picture, and one person may have %(most)s a month in this "
            "project. Ask for fewer, or ask an admin to raise the limit.",
            "This needs %(asked)s pictures, and one person may have %(most)s a month in this "
            "project. Ask for fewer, or ask an admin to raise the limit.",
            "count",
        ),
    ),
    ("project", "person", "gpu_seconds", "day"): QuotaSentences(
        used_up=_(
            "You have used %(used)s of %(most)s of GPU time today in this project. It starts anew "
            "at %(time)s, in %(wait)s."
        ),
        some_left=_(
            "You have %(left)s of %(most)s of GPU time left today in this project, and this needs "
            "%(asked)s. Ask for fewer or smaller pictures, or wait: it starts anew at %(time)s, "
            "in %(wait)s."
        ),
        never_fits=_(
            "This needs %(asked)s of GPU time, and one person may have %(most)s a day in this "
            "project. Ask for fewer or smaller pictures, or ask an admin to raise the limit."
        ),
    ),
    ("project", "person", "gpu_seconds", "month"): QuotaSentences(
        used_up=_(
            "You have used %(used)s of %(most)s of GPU time this month in this project. It starts "
            "anew on %(date)s, in %(wait)s."
        ),
        some_left=_(
            "You have %(left)s of %(most)s of GPU time left this month in this project, and this "
            "needs %(asked)s. Ask for fewer or smaller pictures, or wait: it starts anew on "
            "%(date)s, in %(wait)s."
        ),
        never_fits=_(
            "This needs %(asked)s of GPU time, and one person may have %(most)s a month in this "
            "project. Ask for fewer or smaller pictures, or ask an admin to raise the limit."
        ),
    ),
    ("project", "everybody", "images", "day"): QuotaSentences(
        used_up=ngettext_lazy(
            "Everybody together has used %(used)s of %(most)s picture today in this project. It "
            "starts anew at %(time)s, in %(wait)s.",
            "Everybody together has used %(used)s of %(most)s pictures today in this project. It "
            "starts anew at %(time)s, in %(wait)s.",
            "count",
        ),
        some_left=ngettext_lazy(
            "Everybody together has %(left)s of %(most)s picture left today in this project, and "
            "this needs %(asked)s. Ask for fewer, or wait: it starts anew at %(time)s, in "
            "%(wait)s.",
            "Everybody together has %(left)s of %(most)s pictures left today in this project, and "
            "this needs %(asked)s. Ask for fewer, or wait: it starts anew at %(time)s, in "
            "%(wait)s.",
            "count",
        ),
        never_fits=ngettext_lazy(
            "This needs %(asked)s picture, and everybody together may have %(most)s a day in this "
            "project. Ask for fewer, or ask an admin to raise the limit.",
            "This needs %(asked)s pictures, and everybody together may have %(most)s a day in "
            "this project. Ask for fewer, or ask an admin to raise the limit.",
            "count",
        ),
    ),
    ("project", "everybody", "images", "month"): QuotaSentences(
        used_up=ngettext_lazy(
            "Everybody together has used %(used)s of %(most)s picture this month in this project. "
            "It starts anew on %(date)s, in %(wait)s.",
            "Everybody together has used %(used)s of %(most)s pictures this month in this "
            "project. It starts anew on %(date)s, in %(wait)s.",
            "count",
        ),
        some_left=ngettext_lazy(
            "Everybody together has %(left)s of %(most)s picture left this month in this project, "
            "and this needs %(asked)s. Ask for fewer, or wait: it starts anew on %(date)s, in "
            "%(wait)s.",
            "Everybody together has %(left)s of %(most)s pictures left this month in this "
            "project, and this needs %(asked)s. Ask for fewer, or wait: it starts anew on "
            "%(date)s, in %(wait)s.",
            "count",
        ),
        never_fits=ngettext_lazy(
            "This needs %(asked)s picture, and everybody together may have %(most)s a month in "
            "this project. Ask for fewer, or ask an admin to raise the limit.",
            "This needs %(asked)s pictures, and everybody together may have %(most)s a month in "
            "this project. Ask for fewer, or ask an admin to raise the limit.",
            "count",
        ),
    ),
    ("project", "everybody", "gpu_seconds", "day"): QuotaSentences(
        used_up=_(
            "Everybody together has used %(used)s of %(most)s of GPU time today in this project. "
            "It starts anew at %(time)s, in %(wait)s."
        ),
        some_left=_(
            "Everybody together has %(left)s of %(most)s of GPU time left today in this project, "
            "and this needs %(asked)s. Ask for fewer or smaller pictures, or wait: it starts anew "
            "at %(time)s, in %(wait)s."
        ),
        never_fits=_(
            "This needs %(asked)s of GPU time, and everybody together may have %(most)s a day in "
            "this project. Ask for fewer or smaller pictures, or ask an admin to raise the limit."
        ),
    ),
    ("project", "everybody", "gpu_seconds", "month"): QuotaSentences(
        used_up=_(
            "Everybody together has used %(used)s of %(most)s of GPU time this month in this "
            "project. It starts anew on %(date)s, in %(wait)s."
        ),
        some_left=_(
            "Everybody together has %(left)s of %(most)s of GPU time left this month in this "
            "project, and this needs %(asked)s. Ask for fewer or smaller pictures, or wait: it "
            "starts anew on %(date)s, in %(wait)s."
        ),
        never_fits=_(
            "This needs %(asked)s of GPU time, and everybody together may have %(most)s a month "
            "in this project. Ask for fewer or smaller pictures, or ask an admin to raise the "
            "limit."
        ),
    ),
    ("organization", "person", "images", "day"): QuotaSentences(
        used_up=ngettext_lazy(
            "You have used %(used)s of %(most)s picture today in this organization. It starts "
            "anew at %(time)s, in %(wait)s.",
            "You have used %(used)s of %(most)s pictures today in this organization. It starts "
            "anew at %(time)s, in %(wait)s.",
            "count",
        ),
        some_left=ngettext_lazy(
            "You have %(left)s of %(most)s picture left today in this organization, and this "
            "needs %(asked)s. Ask for fewer, or wait: it starts anew at %(time)s, in %(wait)s.",
            "You have %(left)s of %(most)s pictures left today in this organization, and this "
            "needs %(asked)s. Ask for fewer, or wait: it starts anew at %(time)s, in %(wait)s.",
            "count",
        ),
        never_fits=ngettext_lazy(
            "This needs %(asked)s picture, and one person may have %(most)s a day in this "
            "organization. Ask for fewer, or ask an admin to raise the limit.",
            "This needs %(asked)s pictures, and one person may have %(most)s a day in this "
            "organization. Ask for fewer, or ask an admin to raise the limit.",
            "count",
        ),
    ),
    ("organization", "person", "images", "month"): QuotaSentences(
        used_up=ngettext_lazy(
            "You have used %(used)s of %(most)s picture this month in this organization. It "
            "starts anew on %(date)s, in %(wait)s.",
            "You have used %(used)s of %(most)s pictures this month in this organization. It "
            "starts anew on %(date)s, in %(wait)s.",
            "count",
        ),
        some_left=ngettext_lazy(
            "You have %(left)s of %(most)s picture left this month in this organization, and this "
            "needs %(asked)s. Ask for fewer, or wait: it starts anew on %(date)s, in %(wait)s.",
            "You have %(left)s of %(most)s pictures left this month in this organization, and "
            "this needs %(asked)s. Ask for fewer, or wait: it starts anew on %(date)s, in "
            "%(wait)s.",
            "count",
        ),
        never_fits=ngettext_lazy(
            "This needs %(asked)s picture, and one person may have %(most)s a month in this "
            "organization. Ask for fewer, or ask an admin to raise the limit.",
            "This needs %(asked)s pictures, and one person may have %(most)s a month in this "
            "organization. Ask for fewer, or ask an admin to raise the limit.",
            "count",
        ),
    ),
    ("organization", "person", "gpu_seconds", "day"): QuotaSentences(
        used_up=_(
            "You have used %(used)s of %(most)s of GPU time today in this organization. It starts "
            "anew at %(time)s, in %(wait)s."
        ),
        some_left=_(
            "You have %(left)s of %(most)s of GPU time left today in this organization, and this "
            "needs %(asked)s. Ask for fewer or smaller pictures, or wait: it starts anew at "
            "%(time)s, in %(wait)s."
        ),
        never_fits=_(
            "This needs %(asked)s of GPU time, and one person may have %(most)s a day in this "
            "organization. Ask for fewer or smaller pictures, or ask an admin to raise the limit."
        ),
    ),
    ("organization", "person", "gpu_seconds", "month"): QuotaSentences(
        used_up=_(
            "You have used %(used)s of %(most)s of GPU time this month in this organization. It "
            "starts anew on %(date)s, in %(wait)s."
        ),
        some_left=_(
            "You have %(left)s of %(most)s of GPU time left this month in this organization, and "
            "this needs %(asked)s. Ask for fewer or smaller pictures, or wait: it starts anew on "
            "%(date)s, in %(wait)s."
        ),
        never_fits=_(
            "This needs %(asked)s of GPU time, and one person may have %(most)s a month in this "
            "organization. Ask for fewer or smaller pictures, or ask an admin to raise the limit."
        ),
    ),
    ("organization", "everybody", "images", "day"): QuotaSentences(
        used_up=ngettext_lazy(
            "Everybody together has used %(used)s of %(most)s picture today in this organization. "
            "It starts anew at %(time)s, in %(wait)s.",
            "Everybody together has used %(used)s of %(most)s pictures today in this "
            "organization. It starts anew at %(time)s, in %(wait)s.",
            "count",
        ),
        some_left=ngettext_lazy(
            "Everybody together has %(left)s of %(most)s picture left today in this organization, "
            "and this needs %(asked)s. Ask for fewer, or wait: it starts anew at %(time)s, in "
            "%(wait)s.",
            "Everybody together has %(left)s of %(most)s pictures left today in this "
            "organization, and this needs %(asked)s. Ask for fewer, or wait: it starts anew at "
            "%(time)s, in %(wait)s.",
            "count",
        ),
        never_fits=ngettext_lazy(
            "This needs %(asked)s picture, and everybody together may have %(most)s a day in this "
            "organization. Ask for fewer, or ask an admin to raise the limit.",
            "This needs %(asked)s pictures, and everybody together may have %(most)s a day in "
            "this organization. Ask for fewer, or ask an admin to raise the limit.",
            "count",
        ),
    ),
    ("organization", "everybody", "images", "month"): QuotaSentences(
        used_up=ngettext_lazy(
            "Everybody together has used %(used)s of %(most)s picture this month in this "
            "organization. It starts anew on %(date)s, in %(wait)s.",
            "Everybody together has used %(used)s of %(most)s pictures this month in this "
            "organization. It starts anew on %(date)s, in %(wait)s.",
            "count",
        ),
        some_left=ngettext_lazy(
            "Everybody together has %(left)s of %(most)s picture left this month in this "
            "organization, and this needs %(asked)s. Ask for fewer, or wait: it starts anew on "
            "%(date)s, in %(wait)s.",
            "Everybody together has %(left)s of %(most)s pictures left this month in this "
            "organization, and this needs %(asked)s. Ask for fewer, or wait: it starts anew on "
            "%(date)s, in %(wait)s.",
            "count",
        ),
        never_fits=ngettext_lazy(
            "This needs %(asked)s picture, and everybody together may have %(most)s a month in "
            "this organization. Ask for fewer, or ask an admin to raise the limit.",
            "This needs %(asked)s pictures, and everybody together may have %(most)s a month in "
            "this organization. Ask for fewer, or ask an admin to raise the limit.",
            "count",
        ),
    ),
    ("organization", "everybody", "gpu_seconds", "day"): QuotaSentences(
        used_up=_(
            "Everybody together has used %(used)s of %(most)s of GPU time today in this "
            "organization. It starts anew at %(time)s, in %(wait)s."
        ),
        some_left=_(
            "Everybody together has %(left)s of %(most)s of GPU time left today in this "
            "organization, and this needs %(asked)s. Ask for fewer or smaller pictures, or wait: "
            "it starts anew at %(time)s, in %(wait)s."
        ),
        never_fits=_(
            "This needs %(asked)s of GPU time, and everybody together may have %(most)s a day in "
            "this organization. Ask for fewer or smaller pictures, or ask an admin to raise the "
            "limit."
        ),
    ),
    ("organization", "everybody", "gpu_seconds", "month"): QuotaSentences(
        used_up=_(
            "Everybody together has used %(used)s of %(most)s of GPU time this month in this "
            "organization. It starts anew on %(date)s, in %(wait)s."
        ),
        some_left=_(
            "Everybody together has %(left)s of %(most)s of GPU time left this month in this "
            "organization, and this needs %(asked)s. Ask for fewer or smaller pictures, or wait: "
            "it starts anew on %(date)s, in %(wait)s."
        ),
        never_fits=_(
            "This needs %(asked)s of GPU time, and everybody together may have %(most)s a month "
            "in this organization. Ask for fewer or smaller pictures, or ask an admin to raise "
            "the limit."
        ),
    ),
}
