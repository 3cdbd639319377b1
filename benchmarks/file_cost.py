"""What packing a picture costs: PNG levels and WebP methods, in milliseconds and bytes.

    python -m benchmarks.file_cost [--side 1024]

zlib's strategies (`compress_type`): 0 is the default, 3 looks for runs only. Two pictures: one of
the preview engine, and one with the grain of a photograph. What the archive uses is marked.
"""

from __future__ import annotations

import argparse
import io
import time
from typing import Any

from PIL import Image

from assets.provenance.writing import PNG_PACKING, WEBP_METHOD
from assets.renditions import KINDS
from benchmarks.sleeping_engine import noisy_picture
from generation.engines.base import ImageSpec, ModelRef
from generation.engines.preview import PreviewEngine


def main() -> None:
    """Pack, time, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--side", type=int, default=1024)
    side = parser.parse_args().side
    spec = ImageSpec(
        prompt="a golden dog in a meadow", width=side, height=side, seed=1, model=ModelRef("p", "1")
    )
    pictures = {
        "preview": PreviewEngine().generate(spec).picture,
        "grainy": noisy_picture(side),
    }
    for name, picture in pictures.items():
        print(f"\n{name}, {side} x {side}")
        for level in (1, 3, 6, 9):
            for strategy in (0, 3):  # zlib's: default, runs only
                packing = {"compress_level": level, "compress_type": strategy}
                _show(picture, "PNG", used=packing == PNG_PACKING, **packing)
        for kind in KINDS:
            small = picture.copy()
            small.thumbnail((kind.side, kind.side))
            for method in (0, 2, 4, 6):
                used = method == WEBP_METHOD
                _show(small, "WEBP", used=used, quality=kind.quality, method=method)


def _show(picture: Image.Image, form: str, *, used: bool, **options: Any) -> None:
    best, size = 1e9, 0
    for _ in range(3):
        file = io.BytesIO()
        started = time.perf_counter()
        picture.save(file, form, **options)
        best, size = min(best, time.perf_counter() - started), file.tell()
    words = ", ".join(f"{key} {value}" for key, value in options.items())
    print(
        f"{form:5} {picture.width:5} px  {words:36} {best * 1000:7.1f} ms {size / 1024:8.0f} KiB"
        f"{'  <- the archive' if used else ''}"
    )


if __name__ == "__main__":
    main()
