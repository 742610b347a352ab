"""Refusals: what the house answers, in plain words, when something may not or cannot be done."""

from __future__ import annotations


class Refusal(Exception):
    """An expected "no", told in Chinese that names what is wrong, where, and what to do.

    ``code`` is a stable snake_case word for programs. ``message`` is a Chinese sentence with
    ``{name}`` placeholders that are filled from ``data``; the unfilled template is what gets
    translated. ``clause`` is the legal ground, if there is one, e.g. ``民法典第二百七十八条``.
    A programming error is never a Refusal.
    """

    def __init__(self, code: str, message: str, clause: str | None = None, **data: object) -> None:
        super().__init__(code)
        self.code = code
        self.template = message
        self.clause = clause
        self.data = data

    @property
    def message(self) -> str:
        """The Chinese sentence, filled in."""
        return self.template.format(**self.data) if self.data else self.template

    def __str__(self) -> str:
        return self.message

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.code!r}, {self.message!r})"


class NotAllowed(Refusal):
    """The actor may not do this."""


class NotFound(Refusal):
    """There is no such thing, or the actor may not know of it."""


class Conflict(Refusal):
    """The world has moved on: somebody else acted, or the state no longer admits this."""


class Invalid(Refusal):
    """What was given is wrong: malformed, out of range, or contradicting itself."""
