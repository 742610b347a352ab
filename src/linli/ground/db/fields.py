"""Columns that say what they hold: money in fen, area in 0.01 m², and text encrypted at rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import FieldError
from django.db import models

from linli.ground.db.crypto import blind_index, blind_indexes, decrypt, encrypt, encrypt_many

__all__ = [
    "AreaField",
    "EncryptedTextField",
    "FenField",
    "blind_index",
    "blind_indexes",
    "encrypt_many",
]


if TYPE_CHECKING:
    _Whole = models.BigIntegerField[int, int]
    _Text = models.TextField[Any, Any]
else:
    _Whole = models.BigIntegerField
    _Text = models.TextField


class FenField(_Whole):
    """Money in fen (分), exact; negative means money out."""

    description = "Money in fen"


class AreaField(_Whole):
    """Area in units of 0.01 m², exact: 118.64 m² is 11864."""

    description = "Area in units of 0.01 square metre"


class EncryptedTextField(_Text):
    """Text that stands encrypted in the table and in every backup of it.

    It can be read and written like any text, but not searched: keep a ``blind_index`` in a column
    beside it. Bulk writers that bypass the ORM put ``encrypt_many`` values into the column.
    """

    description = "Text, encrypted at rest"

    def get_prep_value(self, value: Any) -> Any:
        text = super().get_prep_value(value)
        return encrypt(text) if text else text

    def from_db_value(self, value: str | None, *_: object) -> str | None:
        """The readable text; empty and missing stay as they are."""
        return decrypt(value) if value else value

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise FieldError(f"{self.name} is encrypted and cannot be searched; use its blind index")
        return super().get_lookup(lookup_name)
