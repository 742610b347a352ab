"""Every write to places: founding, naming, correcting, closing, filling by imports; the facilities."""

from linli.registry.places.actions._facilities import (
    add_facilities,
    add_facility,
    correct_facility_kind,
    relocate_facility,
    rename_facility,
    restore_facility,
    retire_facility,
)
from linli.registry.places.actions._filling import (
    NewPlace,
    NewUnit,
    change_units,
    copy_places,
    copy_units,
    remove_filled,
)
from linli.registry.places.actions._keeping import (
    close_place,
    found_place,
    rename_place,
    reopen_place,
)
from linli.registry.places.actions._units import (
    add_unit,
    close_unit,
    correct_area,
    correct_unit,
    renumber_unit,
    reopen_unit,
)

__all__ = [
    "NewPlace",
    "NewUnit",
    "add_facilities",
    "add_facility",
    "add_unit",
    "change_units",
    "close_place",
    "close_unit",
    "copy_places",
    "copy_units",
    "correct_area",
    "correct_facility_kind",
    "correct_unit",
    "found_place",
    "relocate_facility",
    "remove_filled",
    "rename_facility",
    "rename_place",
    "renumber_unit",
    "reopen_place",
    "reopen_unit",
    "restore_facility",
    "retire_facility",
]
