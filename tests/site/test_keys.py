"""What lies in a new home can be read by its owner only."""

from __future__ import annotations

import stat
from pathlib import Path

from linli.site.keys import make_keys


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_home_is_closed_to_others_and_a_standing_one_left_as_it_is(tmp_path: Path, monkeypatch):
    for name in ("LINLI_SECRET_KEY", "LINLI_FIELD_KEYS", "LINLI_INDEX_KEY", "LINLI_LOG_KEY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(f"{name}_FILE", raising=False)
    home = tmp_path / "home"
    home.mkdir(mode=0o755)
    assert len(make_keys(home / "keys")) == 4
    assert (mode(home), mode(home / "keys")) == (0o700, 0o700)
    assert {mode(key) for key in (home / "keys").iterdir()} == {0o600}
    home.chmod(0o750)
    assert make_keys(home / "keys") == []
    assert mode(home) == 0o750, "the operator's own choice"
