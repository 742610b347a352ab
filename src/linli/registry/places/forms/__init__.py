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
from linli.registry.places.forms._places import CloseForm, FoundForm, ReasonForm, RenameForm
from linli.registry.places.forms._register import FilterForm
from linli.registry.places.forms._units import AreaForm, KindForm, NumberForm, UnitForm

__all__ = [
    "AddFacilitiesForm",
    "AddFacilityForm",
    "AreaForm",
    "CloseForm",
    "FacilityFilterForm",
    "FacilityKindForm",
    "FilterForm",
    "FoundForm",
    "KindForm",
    "NumberForm",
    "ReasonForm",
    "RelocateFacilityForm",
    "RenameFacilityForm",
    "RenameForm",
    "RestoreFacilityForm",
    "RetireFacilityForm",
    "UnitForm",
]
