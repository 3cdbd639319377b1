"""What a picture costs the GPU, before it is made. Pure arithmetic.

The work of Z-Image was counted operation by operation at real size (512 prompt tokens, bfloat16):
one step of the transformer takes 13.3, 30.0, 56.1, 148 and 320 TFLOP at 512, 768, 1024, 1536 and
2048 pixels square. `STEP_LINEAR` and `STEP_SQUARE` are the least-squares fit through these five for
n image tokens of 16 x 16 pixels (attention grows with their square); it is within 3 % of each.
"""

from __future__ import annotations

TOKEN_SIDE = 16
STEP_LINEAR = 0.012176  # TFLOP per token
STEP_SQUARE = 4.348e-7  # TFLOP per pair of tokens
ENCODE = 3.88  # TFLOP for a prompt; it is always padded to 512 tokens
DECODE_PER_PIXEL = 1.0e-5  # TFLOP; 10.5 for 1024 x 1024

# Until a model was measured here: an accelerator that does 100 TFLOP a second in practice.
UNMEASURED_SECONDS_PER_TFLOP = 0.01
# How much of a new measurement goes into the known speed of a model.
LEARNING_RATE = 0.2


def work_of(*, width: int, height: int, steps: int, cfg: float) -> float:
    """The work of one picture in TFLOP. A CFG other than 1 runs encoder and transformer twice."""
    tokens = (width / TOKEN_SIDE) * (height / TOKEN_SIDE)
    passes = 1 if cfg == 1 else 2
    step = STEP_LINEAR * tokens + STEP_SQUARE * tokens**2
    return passes * (ENCODE + steps * step) + DECODE_PER_PIXEL * width * height


def seconds_of(speed: float | None, *, width: int, height: int, steps: int, cfg: float) -> float:
    """The GPU seconds of one picture, by a model that takes `speed` seconds per TFLOP."""
    work = work_of(width=width, height=height, steps=steps, cfg=cfg)
    return work * (speed or UNMEASURED_SECONDS_PER_TFLOP)


def learned_speed(known: float | None, *, work: float, seconds: float) -> float:
    """The speed of a model in seconds per TFLOP, after a picture of `work` TFLOP took `seconds`."""
    measured = seconds / work
    if known is None:
        return measured
    return known + LEARNING_RATE * (measured - known)
