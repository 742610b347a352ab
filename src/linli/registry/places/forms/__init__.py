"""The shape of what people type about places, units and facilities."""

from linli.registry.places.forms._facilities import (
    AddFacilitiesForm,
    AddFacilityForm,
    FacilityFilterForm,
    FacilityKindForm,
    RelocateFacilityForm,
    RenameFacilityForm,
    RestoreFacilityForm,
    RetireFacilityForm,
)
from linli.registry.places.forms._register import FilterForm

__all__ = [
    "AddFacilitiesForm",
    "AddFacilityForm",
    "FacilityFilterForm",
    "FacilityKindForm",
    "FilterForm",
    "RelocateFacilityForm",
    "RenameFacilityForm",
    "RestoreFacilityForm",
    "RetireFacilityForm",
]
