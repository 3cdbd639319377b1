"""Watching one picture being made: progress out, cancellation in, seconds taken."""

import time
from collections.abc import Callable, Iterator
from typing import Any

from generation.engines.base import OnProgress, Phase, PhaseSeconds, Progress
from generation.engines.diffsynth.prompting import PromptMemory, do_nothing


class Watch:
    """Hears of every phase of one pipeline call and passes it on.

    `settle` waits for the GPU: launches return before the work is done, so without it the steps
    would be reported, and could be cancelled, only on paper.
    """

    def __init__(self, on_progress: OnProgress, settle: Callable[[], None], encodings: int) -> None:
        self.raised: BaseException | None = None
        self._on_progress = on_progress
        self._settle = settle
        self._encodings = encodings
        self._encoded = 0
        self._moments: dict[Phase, float] = {}
        self._handles: list[Any] = []
        self._prompts: PromptMemory | None = None
        self._misses = 0
        self._started = time.perf_counter()

    def attach(self, pipeline: Any, prompts: PromptMemory) -> None:
        """Hear of the text encoder, or of what spares it, and of the decoder as they begin."""
        self._prompts, self._misses = prompts, prompts.misses
        prompts.on_hit = self._before_encoding
        encoder, decoder = pipeline.text_encoder, pipeline.vae_decoder
        self._handles.append(encoder.register_forward_pre_hook(self._before_encoding))
        self._handles.append(decoder.register_forward_pre_hook(self._before_decoding))

    def detach(self) -> None:
        while self._handles:
            self._handles.pop().remove()
        if self._prompts is not None:
            self._prompts.on_hit = do_nothing

    @property
    def prompt_reused(self) -> bool:
        """Whether the text encoder had nothing to do in this call."""
        return self._prompts is not None and self._prompts.misses == self._misses

    def steps(self, timesteps: Any) -> Iterator[Any]:
        """What the pipeline iterates over instead of the bare timesteps."""
        total = len(timesteps)
        for step, timestep in enumerate(timesteps):
            self._report(Progress(Phase.DENOISING, step, total))
            yield timestep
        self._report(Progress(Phase.DENOISING, total, total))

    def seconds(self, load: float) -> PhaseSeconds:
        """The seconds of a call that has just ended, with the given `load` before it."""
        self._settle()
        ended = time.perf_counter()
        denoising = self._moments.get(Phase.DENOISING, ended)
        decoding = self._moments.get(Phase.DECODING, ended)
        return PhaseSeconds(
            load=load,
            encode=denoising - self._started,
            denoise=decoding - denoising,
            decode=ended - decoding,
        )

    def _before_encoding(self, *_: Any) -> None:
        self._report(Progress(Phase.ENCODING, self._encoded, self._encodings))
        self._encoded += 1

    def _before_decoding(self, *_: Any) -> None:
        self._report(Progress(Phase.DECODING, 0, 1))

    def _report(self, progress: Progress) -> None:
        self._settle()
        self._moments.setdefault(progress.phase, time.perf_counter())
        try:
            self._on_progress(progress)
        except BaseException as error:
            # Remembered, so that the engine lets through exactly what its caller raised.
            self.raised = error
            raise
