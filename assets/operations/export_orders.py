"""Ordering an export, and who may fetch it until when."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.access import Access
from accounts.errors import InvalidInput, InvalidTransition, NotPermitted
from accounts.models import Project
from accounts.roles import Permission
from assets.exports.contact_sheet import MOST_PICTURES
from assets.exports.naming import check_pattern
from assets.exports.options import LARGEST_SIDE, SMALLEST_SIDE, Contents, ExportOptions
from assets.models import Operation
from assets.operations.asks import Chosen
from assets.operations.choosing import require_few_enough
from assets.operations.ordering import begin
from assets.operations.running import NoAccess, access_now
from assets.types import OperationKind, OperationStatus

KEPT_FOR = timedelta(days=7)
"""How long an export can be fetched."""


def order_export(
    *, access: Access, project: Project, chosen: Chosen, options: ExportOptions
) -> Operation:
    """Order an export of the chosen images; a small one is ready when this returns.

    Raises:
        InvalidInput: nothing or too much is chosen, or `field` names what cannot be done.
    """
    access.require(Permission.VIEW_GALLERY, project.pk)
    check_pattern(options.names)
    _check_file(options)
    count = require_few_enough(access, project.pk, chosen)
    if options.contents is not Contents.PICTURES and count > MOST_PICTURES:
        raise InvalidInput(
            _("A contact sheet holds at most %(most)d pictures. Choose fewer.")
            % {"most": MOST_PICTURES},
            field="contents",
        )
    return begin(
        access=access,
        project=project,
        kind=OperationKind.EXPORT,
        chosen=chosen,
        arguments={"export": options.to_json()},
    )


def require_fetchable(access: Access, operation: Operation) -> None:
    """Pass for whoever ordered the export, once it is ready and as long as it is kept."""
    access.require(Permission.VIEW_GALLERY, operation.project_id)
    if operation.created_by_id != access.user_id:
        raise NotPermitted(_("Only the person who ordered this export can fetch it."))
    if operation.is_open or operation.status == OperationStatus.FAILED:
        raise InvalidTransition(_("This export is not ready. Wait for it, or order it again."))
    if is_too_old(operation):
        raise InvalidTransition(_("This export is too old to be fetched. Order it again."))


def is_too_old(operation: Operation) -> bool:
    """Whether an export cannot be fetched any more."""
    return operation.created_at < timezone.now() - KEPT_FOR


def access_of_the_orderer(operation: Operation) -> Access:
    """What whoever ordered the export may see now; nothing, once they left."""
    try:
        return access_now(operation)
    except NoAccess:
        return Access.nobody()


def _check_file(options: ExportOptions) -> None:
    side = options.file.max_side
    if side is not None and not SMALLEST_SIDE <= side <= LARGEST_SIDE:
        raise InvalidInput(
            _("The longest side is from %(least)d to %(most)d pixels.")
            % {"least": SMALLEST_SIDE, "most": LARGEST_SIDE},
            field="max_side",
        )
    if not 1 <= options.file.quality <= 100:
        raise InvalidInput(_("The quality is from 1 to 100."), field="quality")
