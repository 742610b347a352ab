"""The pages of places: the register of a compound, one place, one unit, the facilities; and what is done to them."""

from linli.registry.places.views._above import (
    authority,
    close_authority,
    district,
    export_authority,
    found_in_authority,
    rename_authority,
    reopen_authority,
)
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
from linli.registry.places.views._tree import close_place, found_place, place, rename_place, reopen_place
from linli.registry.places.views._units import (
    add_unit,
    close_unit,
    correct_area,
    correct_unit,
    renumber_unit,
    reopen_unit,
    unit,
)

__all__ = [
    "add_facilities",
    "add_facility",
    "add_unit",
    "authority",
    "close_authority",
    "close_place",
    "close_unit",
    "correct_area",
    "correct_facility_kind",
    "correct_unit",
    "district",
    "export",
    "export_authority",
    "export_facilities",
    "facilities",
    "facility",
    "found_in_authority",
    "found_place",
    "labels",
    "place",
    "print_facilities",
    "print_register",
    "register",
    "relocate_facility",
    "rename_authority",
    "rename_facility",
    "rename_place",
    "renumber_unit",
    "reopen_authority",
    "reopen_place",
    "reopen_unit",
    "restore_facility",
    "retire_facility",
    "unit",
]
