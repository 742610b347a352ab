"""The pages of places: the register of a compound, one place, one unit, the facilities and their labels."""

from linli.registry.places.views._facilities import (
    export_facilities,
    facilities,
    facility,
    labels,
    print_facilities,
)
from linli.registry.places.views._facilities_acts import (
    add_facilities,
    add_facility,
    correct_facility_kind,
    relocate_facility,
    rename_facility,
    restore_facility,
    retire_facility,
)
from linli.registry.places.views._register import export, print_register, register
from linli.registry.places.views._tree import place
from linli.registry.places.views._units import unit

__all__ = [
    "add_facilities",
    "add_facility",
    "correct_facility_kind",
    "export",
    "export_facilities",
    "facilities",
    "facility",
    "labels",
    "place",
    "print_facilities",
    "print_register",
    "register",
    "relocate_facility",
    "rename_facility",
    "restore_facility",
    "retire_facility",
    "unit",
]
