"""Variables in the text of a prompt template.

`{subject}` or `{主体}` is a variable; `{{` and `}}` are the braces themselves. A name begins with a
letter and goes on with letters, digits, `_`, `-` and single spaces, in any script; spaces around it
do not count. Values go in as they are: braces in a value mean nothing.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

LONGEST_NAME: Final = 40

_NAME = re.compile(r"[^\W\d_][\w-]*(?: [\w-]+)*")
_BRACE = re.compile(r"[{}]")


class Reason(StrEnum):
    """Why a template cannot be filled."""

    MISSING = "missing"
    """No value was given for the variable."""
    BAD_NAME = "bad_name"
    """What stands between the braces is not a name."""
    UNCLOSED = "unclosed"
    """A `{` has no `}`."""
    UNOPENED = "unopened"
    """A `}` has no `{`."""


_SENTENCES: Final = {
    Reason.MISSING: "There is no value for {{{name}}}.",
    Reason.BAD_NAME: "{{{name}}} at character {position} is not the name of a variable.",
    Reason.UNCLOSED: "The {{ at character {position} is never closed. Write {{{{ for a brace.",
    Reason.UNOPENED: "The }} at character {position} was never opened. Write }}}} for a brace.",
}


class VariableError(ValueError):
    """A template that cannot be read or filled.

    `name` is the variable, or the text found where a name should be; `position` is the brace at
    fault, counted from 0.
    """

    def __init__(self, name: str, reason: Reason, position: int) -> None:
        self.name = name
        self.reason = reason
        self.position = position
        super().__init__(_SENTENCES[reason].format(name=name, position=position + 1))


@dataclass(frozen=True, slots=True)
class Variable:
    """A blank in the text, and where its brace stands, counted from 0."""

    name: str
    position: int


def variables_in(text: str) -> tuple[str, ...]:
    """The names of the variables in `text`, in order, each once. Raises `VariableError`."""
    names = (piece.name for piece in pieces(text) if isinstance(piece, Variable))
    return tuple(dict.fromkeys(names))


def fill(text: str, values: Mapping[str, str]) -> str:
    """`text` with its variables replaced. Values for other names are ignored.

    Raises `VariableError` for the first variable without a value or the first misplaced brace.
    """
    known = {_normal(name): value for name, value in values.items()}
    filled: list[str] = []
    for piece in pieces(text):
        if isinstance(piece, str):
            filled.append(piece)
        elif piece.name in known:
            filled.append(known[piece.name])
        else:
            raise VariableError(piece.name, Reason.MISSING, piece.position)
    return "".join(filled)


def escape(text: str) -> str:
    """The template that fills to exactly `text`: an ordinary prompt, made a template."""
    return _BRACE.sub(lambda brace: brace[0] * 2, text)


def _normal(name: str) -> str:
    return unicodedata.normalize("NFC", name.strip())


def pieces(text: str) -> Iterator[str | Variable]:
    """Plain text and variables, in turn, from left to right. Raises `VariableError`."""
    position = 0
    while brace := _BRACE.search(text, position):
        at = brace.start()
        yield text[position:at]
        if text.startswith(brace[0] * 2, at):
            yield brace[0]
            position = at + 2
        elif brace[0] == "}":
            raise VariableError("", Reason.UNOPENED, at)
        else:
            end = _BRACE.search(text, at + 1)
            if end is None or end[0] == "{":
                raise VariableError("", Reason.UNCLOSED, at)
            yield _variable(text[at + 1 : end.start()], at)
            position = end.end()
    yield text[position:]


def _variable(written: str, position: int) -> Variable:
    name = _normal(written)
    if len(name) > LONGEST_NAME or not _NAME.fullmatch(name):
        raise VariableError(written[:LONGEST_NAME], Reason.BAD_NAME, position)
    return Variable(name, position)
