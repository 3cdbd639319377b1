"""Rules about the archive's things that are not about roles. Pure: no database, no HTTP."""

from __future__ import annotations

import unicodedata

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.access import Access
from accounts.errors import InvalidInput, NotPermitted
from accounts.models import Project
from accounts.roles import Permission
from assets.models import Image
from assets.models.collection import NAME_LIMIT
from assets.models.marks import TAG_LIMIT
from assets.search.language import LENGTH_LIMIT, parse
from assets.search.normalizing import normalised
from assets.types import Decision, ReviewStatus, SkipReason
from assets.variables import Reason, VariableError, variables_in

# A decision that sends a picture back must say why; the maker reads it.
NEEDS_COMMENT = frozenset({Decision.REJECT, Decision.REQUEST_CHANGES})

COMMENT_MISSING = _("Say what is wrong, so that the maker knows what to do.")
COMMENT_LIMIT = 2000

KEY_LIMIT = 4 * TAG_LIMIT  # as wide as the column: normalising can make a name longer

_SENTENCES: dict[Reason, str | Promise] = {
    Reason.BAD_NAME: _(
        "“{name}” between braces at character {position} is not the name of a variable. A name"
        " begins with a letter; write {{ and }} for plain braces."
    ),
    Reason.UNCLOSED: _(
        "The brace { at character {position} is never closed. Write {{ for a plain brace."
    ),
    Reason.UNOPENED: _(
        "The brace } at character {position} was never opened. Write }} for a plain brace."
    ),
}


def only_the_maker(access: Access, maker_id: int) -> None:
    """Pass for the person who made the picture."""
    if access.user_id != maker_id:
        raise NotPermitted(_("Only the person who made this picture can do this."))


def person_of(access: Access) -> int:
    """The id of the person who acts; `NotPermitted` for a process."""
    if access.user_id is None:
        raise NotPermitted(_("Only a person can do this."))
    return access.user_id


def only_the_author(access: Access, author_id: int) -> None:
    """Pass for the person who wrote the comment."""
    if access.user_id != author_id:
        raise NotPermitted(_("Only the person who wrote this comment can change it."))


def comment_text(text: str) -> str:
    """A comment without space around it; `InvalidInput` for an empty or endless one."""
    stripped = text.replace("\0", "").strip()
    if not stripped:
        raise InvalidInput(_("Write something first."), field="text")
    if len(stripped) > COMMENT_LIMIT:
        raise InvalidInput(
            _("A comment can have at most %(limit)d characters; this one has %(length)d.")
            % {"limit": COMMENT_LIMIT, "length": len(stripped)},
            field="text",
        )
    return stripped


def four_eyes(access: Access, maker_id: int) -> int:
    """The id of the person who decides: not the maker, and not a process."""
    if access.user_id is None:
        raise NotPermitted(_("Only a person can review pictures."))
    if access.user_id == maker_id:
        raise NotPermitted(_("You made this picture, so somebody else has to decide on it."))
    return access.user_id


def comment_for(decision: Decision, comment: str) -> str:
    """The comment without space around it; `InvalidInput` where the decision needs one."""
    stripped = comment.strip()
    if decision in NEEDS_COMMENT and not stripped:
        raise InvalidInput(COMMENT_MISSING, field="comment")
    return stripped


def variables_of(prompt: str) -> tuple[str, ...]:
    """The variables of a template's prompt; `InvalidInput` on `prompt` for a misplaced brace."""
    try:
        return variables_in(prompt)
    except VariableError as error:
        # `replace`, not `format`: the sentences speak about braces.
        sentence = str(_SENTENCES[error.reason]).replace("{position}", str(error.position + 1))
        raise InvalidInput(sentence.replace("{name}", error.name), field="prompt") from error


def require_other_project(*, project: Project, target: Project) -> None:
    """Pass for another project of the same organization."""
    if target.pk == project.pk:
        raise InvalidInput(_("The pictures are in this project already."), field="project")
    if target.organization_id != project.organization_id:
        raise InvalidInput(
            _("Pictures can only be moved inside one organization."), field="project"
        )


def why_not_taken_away(access: Access, image: Image) -> SkipReason | None:
    """Why the actor may not take an image out of its gallery; `None` when they may.

    Whoever manages the project may take away everything, others what they made themselves as long
    as no reviewer has it before them and none has approved it.
    """
    if access.allows(Permission.MANAGE_PROJECT, image.project_id):
        return None
    if image.created_by_id != access.user_id:
        return SkipReason.NOT_PERMITTED
    if image.review_status == ReviewStatus.APPROVED:
        return SkipReason.APPROVED
    if image.review_status == ReviewStatus.PENDING:
        return SkipReason.IN_REVIEW
    return None


def why_not_restored(access: Access, image: Image) -> SkipReason | None:
    """Why the actor may not take an image out of the trash; `None` when they may."""
    if access.allows(Permission.MANAGE_PROJECT, image.project_id):
        return None
    return None if image.trashed_by_id == access.user_id else SkipReason.NOT_PERMITTED


def is_protected(image: Image) -> bool:
    """Whether an image is deleted for good only after an admin said so: approved or delivered."""
    return image.archive_name is not None or image.download_count > 0


def tag_key(name: str) -> str:
    """What makes two names the same tag: written as the search writes, without outer space."""
    return " ".join(normalised(name).split())


def tag_named(name: str) -> tuple[str, str]:
    """A tag's name, tidied, and its key; `InvalidInput` on `name` where it cannot be one."""
    name = _in_one_line(name).lstrip("#").strip()
    if not name:
        raise InvalidInput(_("Write a tag."), field="name")
    if len(name) > TAG_LIMIT:
        raise InvalidInput(
            _("A tag has at most %(most)d characters.") % {"most": TAG_LIMIT}, field="name"
        )
    if any(character in ',，、"“”' for character in name):
        raise InvalidInput(_("A tag has no commas and no quotes in it."), field="name")
    key = tag_key(name)
    if not key or len(key) > KEY_LIMIT:
        raise InvalidInput(_("This cannot be a tag. Use letters or digits."), field="name")
    return name, key


def name_of_a_collection(name: str) -> str:
    """The name of a collection or a saved search, tidied; `InvalidInput` on `name`."""
    name = _in_one_line(name)
    if not name:
        raise InvalidInput(_("Give it a name."), field="name")
    if len(name) > NAME_LIMIT:
        raise InvalidInput(
            _("A name has at most %(most)d characters.") % {"most": NAME_LIMIT}, field="name"
        )
    return name


def canonical_query(text: str) -> str:
    """A search as it is kept, in its canonical spelling; `InvalidInput` on `query` for a mistake.

    What is kept has to mean the same next year, so a mistake is told and not left out.
    """
    if len(text) > LENGTH_LIMIT:
        raise InvalidInput(
            _("This search is too long: at most %(most)d characters.") % {"most": LENGTH_LIMIT},
            field="query",
        )
    reading = parse(text)
    if reading.mistakes:
        raise InvalidInput(str(reading.mistakes[0]), field="query")
    if reading.query.is_empty:
        raise InvalidInput(_("Search for something first; then save the search."), field="query")
    return str(reading.query)


def text_of_at_most(text: str, most: int, *, field: str) -> str:
    """A longer text without space around it; `InvalidInput` where it is too long."""
    text = text.replace("\0", "").strip()
    if len(text) > most:
        raise InvalidInput(
            _("This text is too long: at most %(most)d characters.") % {"most": most}, field=field
        )
    return text


def _in_one_line(text: str) -> str:
    # Also drops what cannot be seen: a name of nothing but such characters is no name.
    shown = "".join(" " if unicodedata.category(one) == "Cc" else one for one in text)
    return " ".join(shown.split())
