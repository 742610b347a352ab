"""A refusal is known by its code; its words are for people."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from linli.ground.kernel.errors import Refusal


@contextmanager
def refused(kind: type[Refusal], code: str) -> Iterator[None]:
    """The block is refused, in this kind and with this code."""
    with pytest.raises(kind) as caught:
        yield
    assert caught.value.code == code
