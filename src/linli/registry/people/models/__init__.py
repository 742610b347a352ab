"""The tables of people: the register, the accounts, and what each may and agreed to."""

from linli.registry.people.models._accounts import (
    Account,
    LoginCode,
    PhoneChange,
    RecoveryCode,
    RoleAssignment,
    Session,
)
from linli.registry.people.models._privacy import AccessRecord, Consent
from linli.registry.people.models._register import (
    HomeClaim,
    ImportBatch,
    Occupancy,
    Ownership,
    Person,
    PersonKind,
    RegisterChange,
    Relation,
)

__all__ = [
    "AccessRecord",
    "Account",
    "Consent",
    "HomeClaim",
    "ImportBatch",
    "LoginCode",
    "Occupancy",
    "Ownership",
    "Person",
    "PersonKind",
    "PhoneChange",
    "RecoveryCode",
    "RegisterChange",
    "Relation",
    "RoleAssignment",
    "Session",
]
