"""In which form pictures are handed out. Plain values: no database, no HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Final, Self

SMALLEST_SIDE: Final = 16
LARGEST_SIDE: Final = 16_384
USUAL_QUALITY: Final = 92


class FileFormat(StrEnum):
    """What the files are. `ORIGINAL` is the archived file, byte for byte."""

    ORIGINAL = "original"
    PNG = "png"
    JPEG = "jpeg"
    WEBP = "webp"


EXTENSION_OF: Final[Mapping[FileFormat, str]] = {
    FileFormat.PNG: "png",
    FileFormat.JPEG: "jpg",
    FileFormat.WEBP: "webp",
}


class Contents(StrEnum):
    """What an export holds: the pictures, or sheets on which they stand side by side."""

    PICTURES = "pictures"
    SHEET_PDF = "sheet_pdf"
    SHEET_PNG = "sheet_png"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileOptions:
    """The form of a file. `quality`, 1 to 100, is for JPEG and WebP; `max_side` is in pixels."""

    format: FileFormat = FileFormat.ORIGINAL
    quality: int = USUAL_QUALITY
    max_side: int | None = None

    @property
    def as_archived(self) -> bool:
        """Whether the archived bytes are handed out unchanged."""
        return self.format is FileFormat.ORIGINAL and self.max_side is None

    def extension_for(self, archived: str) -> str:
        """The extension of the file, where the archived one has the extension `archived`."""
        return EXTENSION_OF.get(self.format, archived)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportOptions:
    """What somebody ordered. `names` is a pattern of `assets.exports.naming`."""

    contents: Contents = Contents.PICTURES
    file: FileOptions = FileOptions()
    names: str = ""
    with_json: bool = False

    def to_json(self) -> dict[str, Any]:
        """As `Operation.arguments["export"]` keeps it."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read `to_json()` back."""
        file = data["file"]
        return cls(
            contents=Contents(data["contents"]),
            file=FileOptions(
                format=FileFormat(file["format"]),
                quality=file["quality"],
                max_side=file["max_side"],
            ),
            names=data["names"],
            with_json=data["with_json"],
        )
