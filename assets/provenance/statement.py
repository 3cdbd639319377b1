"""What one picture's files say of themselves, before any format is chosen."""

from dataclasses import dataclass
from typing import Final

from assets.snapshot import MetadataSnapshot

_SOURCE_TYPES: Final = "http://cv.iptc.org/newscodes/digitalsourcetype/"

ALGORITHMIC: Final = _SOURCE_TYPES + "algorithmicMedia"
"""Made by an algorithm that was not trained on anything."""

TRAINED: Final = _SOURCE_TYPES + "trainedAlgorithmicMedia"
"""Made by a trained model."""

COMPOSITE_WITH_TRAINED: Final = _SOURCE_TYPES + "compositeWithTrainedAlgorithmicMedia"
"""Somebody's own picture, changed by a trained model."""

COMPOSITE_SYNTHETIC: Final = _SOURCE_TYPES + "compositeSynthetic"
"""Somebody's own picture with synthetic parts that no trained model made."""

PREVIEW_MODEL: Final = "preview"
"""Stands where a model's name would, in files that no model had a part in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Everything a picture's files say of themselves.

    `produce_id` is the image's own key, the same in the original and its renditions. `producer` is
    the name or code of whoever runs this service, `creator_tool` the program and its version.
    With an `integrity_key` the label is bound to the pixels (see `assets.provenance.aigc`).
    """

    snapshot: MetadataSnapshot
    produce_id: str
    producer: str
    creator_tool: str
    integrity_key: bytes | None = None

    @property
    def model_name(self) -> str:
        """The model's name; a preview never borrows one."""
        return PREVIEW_MODEL if self.snapshot.engine.is_preview else self.snapshot.model.name

    @property
    def made_with(self) -> str:
        """The program that made the picture: of an imported one, what its file named."""
        imported = self.snapshot.origin.imported
        if imported is None or imported.tool is None:
            return self.creator_tool
        return f"{imported.tool} {imported.tool_version or ''}".strip()

    @property
    def model_version(self) -> str | None:
        """The model's revision, else the beginning of its hash; a preview has none."""
        model = self.snapshot.model
        if self.snapshot.engine.is_preview:
            return None
        return model.revision or (model.main_hash and model.main_hash[:10])

    @property
    def is_of_unknown_making(self) -> bool:
        """Whether nobody can say how the picture came to be: imported, and no tool is named."""
        imported = self.snapshot.origin.imported
        return imported is not None and imported.tool is None

    @property
    def digital_source_type(self) -> str | None:
        """The IPTC term for how the picture came to be (`Iptc4xmpExt:DigitalSourceType`).

        `None` when nobody can say: then nothing is said.
        """
        if self.is_of_unknown_making:
            return None
        source = self.snapshot.origin.input_image
        started_from_upload = source is not None and source.uploaded
        if self.snapshot.engine.is_preview:
            return COMPOSITE_SYNTHETIC if started_from_upload else ALGORITHMIC
        return COMPOSITE_WITH_TRAINED if started_from_upload else TRAINED
