"""The pages of places: the register of a compound, one place, one unit."""

from linli.registry.places.views._register import export, print_register, register
from linli.registry.places.views._tree import place
from linli.registry.places.views._units import unit

__all__ = ["export", "place", "print_register", "register", "unit"]
