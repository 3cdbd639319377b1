"""Tags and filters for the shared parts of pages.

They format what they are given and never ask the database. Markup that is more than one element
lives in `templates/components/`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final
from zlib import crc32

from django import template
from django.templatetags.static import static
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from assets.types import OperationStatus, ReviewStatus, VersionStatus
from generation.types import CanaryOutcome, JobStatus

register = template.Library()

SPRITE: Final = "portal/vendor/icons.svg"


@dataclass(frozen=True, slots=True)
class StatusLook:
    """How one status is shown; `tone` is a class `tone-*`, empty for neutral."""

    icon: str
    tone: str
    label: str | Promise


STATUS_LOOKS: Final[dict[str, StatusLook]] = {
    # Review of a picture.
    ReviewStatus.DRAFT: StatusLook("circle-dashed", "", ReviewStatus.DRAFT.label),
    ReviewStatus.PENDING: StatusLook("eye", "info", ReviewStatus.PENDING.label),
    ReviewStatus.CHANGES_REQUESTED: StatusLook(
        "message-square-warning", "warn", ReviewStatus.CHANGES_REQUESTED.label
    ),
    ReviewStatus.APPROVED: StatusLook("circle-check", "good", ReviewStatus.APPROVED.label),
    ReviewStatus.REJECTED: StatusLook("circle-x", "bad", ReviewStatus.REJECTED.label),
    # One picture on its way, and the request it belongs to.
    JobStatus.SCHEDULED: StatusLook("clock", "", JobStatus.SCHEDULED.label),
    JobStatus.QUEUED: StatusLook("hourglass", "", JobStatus.QUEUED.label),
    JobStatus.RUNNING: StatusLook("loader-circle", "accent", JobStatus.RUNNING.label),
    JobStatus.SUCCEEDED: StatusLook("circle-check", "good", JobStatus.SUCCEEDED.label),
    JobStatus.FAILED: StatusLook("triangle-alert", "bad", JobStatus.FAILED.label),
    JobStatus.CANCELLED: StatusLook("ban", "", JobStatus.CANCELLED.label),
    # Work on many pictures.
    OperationStatus.WAITING: StatusLook("hourglass", "", OperationStatus.WAITING.label),
    OperationStatus.DONE: StatusLook("circle-check", "good", OperationStatus.DONE.label),
    # Versions of a template.
    VersionStatus.PUBLISHED: StatusLook("badge-check", "good", VersionStatus.PUBLISHED.label),
    # Canaries of a model.
    CanaryOutcome.STORED: StatusLook("circle-check", "", CanaryOutcome.STORED.label),
    CanaryOutcome.SAME: StatusLook("circle-check", "good", CanaryOutcome.SAME.label),
    CanaryOutcome.DRIFTED: StatusLook("triangle-alert", "warn", CanaryOutcome.DRIFTED.label),
    # People, invitations, workers.
    "active": StatusLook("circle-check", "good", _("Active")),
    "inactive": StatusLook("ban", "", _("Deactivated")),
    "invited": StatusLook("mail", "info", _("Invited")),
    "expired": StatusLook("clock", "", _("Expired")),
    "revoked": StatusLook("ban", "", _("Revoked")),
    "ready": StatusLook("circle-check", "good", _("Ready")),
    "busy": StatusLook("zap", "accent", _("Busy")),
    "paused": StatusLook("pause", "warn", _("Paused")),
    "draining": StatusLook("pause", "warn", _("Drained")),
    "gone": StatusLook("wifi-off", "", _("Offline")),
    # Models.
    "enabled": StatusLook("circle-check", "good", _("Can be chosen")),
    "disabled": StatusLook("eye-off", "", _("Disabled")),
    "unserved": StatusLook("circle-alert", "warn", _("No machine has it")),
    "retired": StatusLook("archive", "", _("Retired for good")),
    "online": StatusLook("zap", "good", _("Online")),
    "offline": StatusLook("wifi-off", "bad", _("Offline")),
    # Roles.
    "user": StatusLook("wand-sparkles", "", _("Designer")),
    "reviewer": StatusLook("clipboard-check", "info", _("Reviewer")),
    "admin": StatusLook("shield-check", "accent", _("Admin")),
}


def look_of(status: object) -> StatusLook:
    """The look of a status value; an unknown one is neutral and shows its own text."""
    return STATUS_LOOKS.get(str(status)) or StatusLook("circle-dashed", "", str(status))


@register.simple_tag
def icon(name: str, css: str = "", label: str | Promise = "") -> SafeString:
    """An icon of the sprite: `{% icon "check" %}`, `{% icon "x" css="icon-large" %}`.

    Decoration unless `label` names it, which an icon standing alone for a meaning needs.
    """
    return _icon(name, css, str(label), _sprite())


@cache
def _sprite() -> str:
    """The address of the sprite, which does not change while the site runs."""
    return static(SPRITE)


@lru_cache(maxsize=1024)
def _icon(name: str, css: str, label: str, sprite: str) -> SafeString:
    """A page has dozens of icons, and all pages have the same ones."""
    href = f"{sprite}#{name}"
    classes = f"icon {css}".rstrip()
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}"></use></svg>',
            classes,
            label,
            href,
        )
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}"></use></svg>', classes, href
    )


@register.filter
def status_look(status: object) -> StatusLook:
    """`{{ image.review_status|status_look }}`: an object with `icon`, `tone` and `label`."""
    return look_of(status)


@register.simple_tag
def aspect_class(width: int | None, height: int | None) -> str:
    """The class that gives an element a picture's proportions, `ar-20` for a square.

    Steps of 0.05 from 0.25 to 3: strict content security allows no inline style.
    """
    if not width or not height:
        return "ar-20"
    return f"ar-{min(max(round(width / height * 20), 5), 60)}"


@register.filter
def hue_class(name: object) -> str:
    """One of six avatar colours, always the same for the same name."""
    return f"hue-{crc32(str(name).encode()) % 6 + 1}"


@register.filter
def initials(name: object) -> str:
    """What stands in an avatar: `UL` for `Uma Li`, the last character of a Chinese name."""
    words = str(name).split()
    if not words:
        return "?"
    if not words[0].isascii():
        return words[0][-1]
    return "".join(word[0] for word in words[:2]).upper()
