"""The ways out of the house. Each speaks one protocol: take a letter, or raise ``CannotDeliver``."""

from linli.civic.notifications.adapters.protocol import CannotDeliver, Letter, Outlet

__all__ = ["CannotDeliver", "Letter", "Outlet"]
