"""Every write to places: founding, naming, correcting, closing, filling by imports."""

from linli.registry.places.actions._filling import (
    NewPlace,
    NewUnit,
    change_units,
    copy_places,
    copy_units,
    remove_filled,
)
from linli.registry.places.actions._keeping import (
    add_facility,
    add_unit,
    close_place,
    correct_area,
    found_place,
    rename_place,
    retire_facility,
)

__all__ = [
    "NewPlace",
    "NewUnit",
    "add_facility",
    "add_unit",
    "change_units",
    "close_place",
    "copy_places",
    "copy_units",
    "correct_area",
    "found_place",
    "remove_filled",
    "rename_place",
    "retire_facility",
]
