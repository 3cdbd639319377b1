"""What an action may refuse with: a code for programs, a sentence for people, an HTTP status."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Sentence = str | Promise


class DomainError(Exception):
    """A refusal that is meant to be shown.

    `code` is stable and for programs, `sentence` says what to do in the reader's language, `field`
    names the input at fault (or is empty), `http_status` is how pages and the API answer.
    """

    code = "refused"
    http_status = 400
    default_sentence: Sentence = _("This is not possible.")

    def __init__(self, sentence: Sentence = "", *, field: str = "", code: str = "") -> None:
        self._sentence = sentence or self.default_sentence
        self.field = field
        self.code = code or self.code
        super().__init__(self._sentence)

    @property
    def sentence(self) -> str:
        """The sentence in the active language."""
        return str(self._sentence)

    def __str__(self) -> str:
        return self.sentence


class NotVisible(DomainError):
    """The thing does not exist for this person: strangers learn nothing."""

    code = "not_found"
    http_status = 404
    default_sentence = _("There is nothing here, or it is not shared with you.")


class NotPermitted(DomainError):
    """The person can see it but may not do this."""

    code = "not_permitted"
    http_status = 403
    default_sentence = _("Your role does not allow this. Ask an admin of the organization.")


class InvalidInput(DomainError):
    """A value is wrong; `field` says which."""

    code = "invalid"
    http_status = 422
    default_sentence = _("This value cannot be used.")


class InvalidTransition(DomainError):
    """Somebody was faster, or the thing is not in the state that this needs."""

    code = "conflict"
    http_status = 409
    default_sentence = _("This has changed in the meantime. Reload the page and look again.")


class LimitExceeded(DomainError):
    """A policy or a rate limit says no for now."""

    code = "limit_exceeded"
    http_status = 429
    default_sentence = _("A limit is reached. Try again later.")
