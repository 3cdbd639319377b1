"""The models of the Z-Image line: what they are for, and where their parts lie on disk.

Values only, nothing is loaded or looked up here, so that forms, checks and commands may read it.
The folders are those of the published repositories. Z-Image and Z-Image-Omni-Base are usually
kept as their own transformer alone and use the text encoder, VAE and tokenizer of Z-Image-Turbo:
the three models differ in what draws, not in how words are read or pictures are decoded.
"""

from dataclasses import dataclass

WEIGHT_FILES = ("*.safetensors",)
TOKENIZER_FILES = ("tokenizer.json", "vocab.json")


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a model: `folder` in the model's own directory, or in that of `shared_with`.

    `title` names it in sentences. One of `patterns` must be matched by a file. `shared_with` is
    the repository whose folder serves when the model has none of its own, "" for no other.
    """

    folder: str
    title: str
    patterns: tuple[str, ...] = WEIGHT_FILES
    shared_with: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """A published model.

    `engine` is the key of the engine that serves it, `repository` its name on the hubs, `steps`
    and `cfg` what its makers recommend, `size_multiple` the pixels that sides come in.
    `takes_input_image`: it can begin with a given picture instead of with noise
    (`ImageSpec.input_image`). `takes_edit_image`: it can change a given picture as the prompt says
    (`ImageSpec.edit_image`).
    """

    name: str
    repository: str
    engine: str
    parts: tuple[Part, ...]
    steps: int
    cfg: float
    takes_edit_image: bool
    licence: str
    size_multiple: int
    takes_input_image: bool = True

    def part(self, folder: str) -> Part:
        """The part in that folder. Raises `KeyError` where the model has none."""
        for part in self.parts:
            if part.folder == folder:
                return part
        raise KeyError(folder)


_TURBO = "Tongyi-MAI/Z-Image-Turbo"

_TRANSFORMER = Part("transformer", "the image transformer")
_IMAGE_READER = Part("siglip", "the image reader (SigLIP)")
_SHARED = (
    Part("text_encoder", "the text encoder", shared_with=_TURBO),
    Part("vae", "the image decoder (VAE)", shared_with=_TURBO),
    Part("tokenizer", "the tokenizer", TOKENIZER_FILES, shared_with=_TURBO),
)

Z_IMAGE_TURBO = Family(
    name="Z-Image-Turbo",
    repository=_TURBO,
    engine="diffsynth",
    parts=(_TRANSFORMER, *_SHARED),
    steps=8,
    cfg=1.0,
    takes_edit_image=False,
    licence="Apache-2.0",
    size_multiple=16,
)
Z_IMAGE = Family(
    name="Z-Image",
    repository="Tongyi-MAI/Z-Image",
    engine="diffsynth",
    parts=(_TRANSFORMER, *_SHARED),
    steps=50,
    cfg=4.0,
    takes_edit_image=False,
    licence="Apache-2.0",
    size_multiple=16,
)
Z_IMAGE_OMNI_BASE = Family(
    name="Z-Image-Omni-Base",
    repository="Tongyi-MAI/Z-Image-Omni-Base",
    engine="diffsynth",
    parts=(_TRANSFORMER, _IMAGE_READER, *_SHARED),
    steps=40,
    cfg=4.0,
    takes_edit_image=True,
    licence="Apache-2.0",
    size_multiple=16,
)

FAMILIES = (Z_IMAGE_TURBO, Z_IMAGE, Z_IMAGE_OMNI_BASE)


def family_of(model_name: str) -> Family | None:
    """The family a model is called after, by its name or its repository; `None` for any other."""
    wanted = model_name.casefold()
    for family in FAMILIES:
        if wanted in {family.name.casefold(), family.repository.casefold()}:
            return family
    return None


def parts_of(model_name: str) -> tuple[Part, ...]:
    """What belongs to a model. One of no known family counts as a variant of Z-Image-Turbo."""
    return (family_of(model_name) or Z_IMAGE_TURBO).parts


def takes_edit_image(model_name: str) -> bool:
    """Whether the model can change a given picture; `False` for one of no known family."""
    family = family_of(model_name)
    return family is not None and family.takes_edit_image
