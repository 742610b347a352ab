"""The same compound as that of the requests."""

from tests.civic.requests.conftest import _world, longqi

__all__ = ["_world", "longqi"]
