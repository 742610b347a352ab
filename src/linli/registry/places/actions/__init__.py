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
    add_unit,
    close_place,
    correct_area,
    found_place,
    rename_place,
)

__all__ = [
    "NewPlace",
    "NewUnit",
    "add_facilities",
    "add_facility",
    "add_unit",
    "change_units",
    "close_place",
    "copy_places",
    "copy_units",
    "correct_area",
    "correct_facility_kind",
    "found_place",
    "relocate_facility",
    "remove_filled",
    "rename_facility",
    "rename_place",
    "restore_facility",
    "retire_facility",
]
