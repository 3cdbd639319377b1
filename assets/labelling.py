"""Who answers for the files of this site, and the key that binds their labels to them."""

from __future__ import annotations

import hashlib
import hmac
from uuid import UUID

from django.conf import settings

from assets.provenance.statement import Provenance
from assets.snapshot import MetadataSnapshot

CREATOR_TOOL = "Atelier 0.1.0"


def provenance_of(uid: UUID, snapshot: MetadataSnapshot) -> Provenance:
    """What every file of an image says of itself: original, renditions, exported ones."""
    return Provenance(
        snapshot=snapshot,
        produce_id=str(uid),
        producer=settings.CONTENT_PRODUCER,
        creator_tool=CREATOR_TOOL,
        integrity_key=_integrity_key(),
    )


def _integrity_key() -> bytes:
    """A key of its own for the label's integrity code, derived from the site's secret."""
    return hmac.new(settings.SECRET_KEY.encode(), b"assets.provenance", hashlib.sha256).digest()
