"""Letters. They are a convenience: what they say is on a page as well, and they may fail."""

from __future__ import annotations

import smtplib

import structlog
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from accounts.models import Invitation

log = structlog.get_logger(__name__)

# The console and dummy backends reach nobody; a secret must not end up in a log.
NOWHERE = ("console.EmailBackend", "dummy.EmailBackend")
TIMEOUT_SECONDS = 10  # the inviter waits for the mail server


def send_invitation(
    invitation: Invitation, secret: str, *, inviter: str, language: str | None
) -> None:
    """Send the link to the invited address, in the inviter's language. Never raises."""
    if settings.EMAIL_BACKEND.endswith(NOWHERE):
        return
    context = {
        "invitation": invitation,
        "inviter": inviter,
        "link": settings.SITE_URL + reverse("accounts:invitation", kwargs={"secret": secret}),
        "site_name": settings.SITE_NAME,
    }
    with translation.override(language):
        subject = render_to_string("accounts/mail/invitation_subject.txt", context)
        text = render_to_string("accounts/mail/invitation.txt", context)
    message = EmailMessage(
        " ".join(subject.split()),
        text,
        to=[invitation.email],
        connection=get_connection(timeout=TIMEOUT_SECONDS),
    )
    try:
        message.send()
    except (OSError, smtplib.SMTPException) as error:
        log.warning("mail.failed", invitation=invitation.pk, reason=str(error))
