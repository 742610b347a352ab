"""Backup while people write, restore into an empty place, and every backup that must be refused."""

from __future__ import annotations

import gzip
import io
import os
import shutil
import stat
import tarfile
import threading
from pathlib import Path

import psycopg
import pytest
from PIL import Image

from linli.ground.kernel.errors import Invalid
from linli.site.management import restoring
from tests.refusing import refused
from tests.site import installation
from tests.site.installation import POSTGRES, Installation


def _photo() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (120, 80), (180, 90, 40)).save(buffer, "JPEG")
    return buffer.getvalue()


def _refused(done, *words: str) -> None:
    """One sentence on the error output, and exit code 2."""
    assert done.returncode == 2, (done.stdout, done.stderr)
    assert done.stdout == "" and len(done.stderr.splitlines()) == 1, done.stderr
    for word in words:
        assert word in done.stderr


@pytest.fixture(scope="module")
def told(
    founded_installation: Installation, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Installation, Path, list[str]]:
    """A house with a backup that was made while three neighbours reported; and what was acknowledged before it."""
    folder = tmp_path_factory.mktemp("told")
    house, target = installation.copied(founded_installation, folder / "home"), folder / "one.tar.gz"
    before: list[str] = []
    go_on = threading.Event()
    with house.served(workers=2) as served:
        answer = served.browser("resident").report(
            "带照片：单元门关不上", files={"pictures": ("门.jpg", _photo(), "image/jpeg")}
        )
        assert answer.status_code == 303
        before.append("带照片：单元门关不上")

        def write(who: str) -> None:
            browser, number = served.browser(who), 0
            while not go_on.is_set():
                number += 1
                house.ask("DELETE FROM web_rate_counter")
                assert browser.report(f"{who}{number}：灯坏了").status_code == 303
                if number == 3:
                    begun.release()

        begun = threading.Semaphore(0)
        writers = [threading.Thread(target=write, args=(who,)) for who in ("elder", "tenant", "neighbour")]
        for writer in writers:
            writer.start()
        for _writer in writers:
            begun.acquire(timeout=30)
        before += [
            f"{who}{number}：灯坏了" for who in ("elder", "tenant", "neighbour") for number in (1, 2, 3)
        ]
        done = house.run("backup", target)
        go_on.set()
        for writer in writers:
            writer.join()
    assert done.returncode == 0, done.stderr
    return house, target, before


def test_a_backup_made_while_people_write_is_whole_and_its_log_and_rows_agree(told, tmp_path):
    house, target, before = told
    assert stat.S_IMODE(target.stat().st_mode) == 0o600, "a backup holds personal data"
    assert [
        path.name for path in target.parent.iterdir() if "linli" in path.name or "part" in path.name
    ] == []
    restored = installation.beside(house, tmp_path / "home")
    done = restored.run("restore", target)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "全部对得上" in done.stdout
    assert restored.run("verify", "--db").returncode == 0
    texts = restored.texts()
    assert set(before) <= set(texts) <= set(house.texts()) and len(texts) == len(set(texts))
    assert restored.run("init").returncode == 0
    with restored.served() as served:
        browser = served.browser("resident")
        key = restored.ask("SELECT id, request_id FROM requests_picture")[0]
        picture = browser.get(f"/c/longqi/requests/{key[1]}/pictures/{key[0]}/original/")
        assert picture.status_code == 200 and picture.headers["Content-Type"] == "image/jpeg"
        assert browser.report("恢复以后又坏了").status_code == 303
    assert restored.run("verify", "--db").returncode == 0


def test_a_place_that_is_not_empty_is_left_alone(told, tmp_path):
    house, target, _before = told
    rows = len(house.texts())
    _refused(house.run("restore", target), "请恢复到空的地方")
    assert len(house.texts()) == rows
    kept = installation.beside(house, tmp_path / "home")
    (kept.home / "media").mkdir()
    (kept.home / "media" / "旧照片.jpg").write_bytes(b"old")
    _refused(kept.run("restore", target), "media")
    kept = Installation(tmp_path / "other", house.database)
    shutil.copytree(house.home / "keys", kept.home / "keys")
    _refused(kept.run("restore", target), "请恢复到空的")


def _rewritten(source: Path, target: Path, change) -> Path:
    """The backup, packed anew by somebody who changes what is in it."""
    with tarfile.open(source) as old, tarfile.open(target, "w:gz") as new:
        for entry in old:
            name, data = change(entry.name, old.extractfile(entry).read())
            if name:
                entry.name, entry.size = name, len(data)
                new.addfile(entry, io.BytesIO(data))
    return target


def _half(source: Path, target: Path) -> Path:
    target.write_bytes(source.read_bytes()[: source.stat().st_size // 2])
    return target


def _one_byte(source: Path, target: Path) -> Path:
    data = bytearray(source.read_bytes())
    data[len(data) // 2] ^= 1
    target.write_bytes(data)
    return target


def _no_archive(_source: Path, target: Path) -> Path:
    target.write_bytes(gzip.compress("不是备份".encode() * 100))
    return target


def _a_picture_less(source: Path, target: Path) -> Path:
    return _rewritten(source, target, lambda name, data: ("" if name.endswith(".jpg") else name, data))


def _another_picture(source: Path, target: Path) -> Path:
    return _rewritten(source, target, lambda name, data: (name, b"x" if name.endswith(".jpg") else data))


def _climbing(source: Path, target: Path) -> Path:
    return _rewritten(source, target, lambda name, data: (name.replace("media/", "../../media/"), data))


def _a_link(source: Path, target: Path) -> Path:
    """A way out of the folder that is not written as one."""
    _rewritten(source, target.with_suffix(".plain"), lambda name, data: (name, data))
    with tarfile.open(target.with_suffix(".plain")) as old, tarfile.open(target, "w:gz") as new:
        link = tarfile.TarInfo("media")
        link.type, link.linkname = tarfile.SYMTYPE, "/tmp"
        new.addfile(link)
        for entry in old:
            new.addfile(entry, old.extractfile(entry))
    return target


def _twice(source: Path, target: Path) -> Path:
    with tarfile.open(source) as old, tarfile.open(target, "w:gz") as new:
        for entry in [*old.getmembers(), *old.getmembers()]:
            new.addfile(entry, old.extractfile(entry))
    return target


def _without_list(source: Path, target: Path) -> Path:
    return _rewritten(source, target, lambda name, data: ("" if name == "manifest.json" else name, data))


def _empty(_source: Path, target: Path) -> Path:
    target.write_bytes(b"")
    return target


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (_half, "not_a_backup"),
        (_no_archive, "not_a_backup"),
        (_empty, "not_a_backup"),
        (_without_list, "not_a_backup"),
        (_climbing, "not_a_backup"),
        (_a_link, "not_a_backup"),
        (_twice, "not_a_backup"),
        (_a_picture_less, "backup_damaged"),
        (_another_picture, "backup_damaged"),
    ],
)
def test_a_spoilt_backup_is_refused(told, tmp_path, spoil, code):
    _house, target, _before = told
    with refused(Invalid, code):
        restoring.unpack(spoil(target, tmp_path / "spoilt.tar.gz"), tmp_path / "here")
    assert not list(tmp_path.glob("*.jpg")) and not (tmp_path / "pictures").exists()


def test_a_backup_in_which_one_bit_fell_over_is_refused(told, tmp_path):
    _house, target, _before = told
    with pytest.raises(Invalid) as caught:
        restoring.unpack(_one_byte(target, tmp_path / "spoilt.tar.gz"), tmp_path / "here")
    assert caught.value.code in ("not_a_backup", "backup_damaged")


def test_after_a_spoilt_backup_the_place_is_as_empty_as_before_and_a_good_one_fits(told, tmp_path):
    house, target, _before = told
    empty = installation.beside(house, tmp_path / "home")
    _refused(empty.run("restore", _half(target, tmp_path / "half.tar.gz")), "不是完整的备份文件")
    assert sorted(path.name for path in empty.home.iterdir()) == ["keys"]
    assert empty.run("restore", target).returncode == 0


@pytest.mark.parametrize("name", ["LINLI_FIELD_KEYS", "LINLI_INDEX_KEY", "LINLI_LOG_KEY"])
def test_a_backup_is_not_restored_beside_other_keys(told, tmp_path, name):
    house, target, _before = told
    empty = installation.beside(house, tmp_path / "home")
    (empty.home / "keys" / name).write_text("QW5vdGhlciBrZXkgb2YgdGhpcnR5LXR3byBieXRlcyE=")
    _refused(empty.run("restore", target), "另一套密钥", name)
    assert sorted(path.name for path in empty.home.iterdir()) == ["keys"]


def test_without_keys_nothing_is_restored(told, tmp_path):
    house, target, _before = told
    empty = installation.beside(house, tmp_path / "home")
    shutil.rmtree(empty.home / "keys")
    _refused(empty.run("restore", target), "密钥")


def test_the_newest_field_key_may_be_newer_than_the_backup(told, tmp_path):
    house, target, _before = told
    rotated = installation.beside(house, tmp_path / "home")
    path = rotated.home / "keys" / "LINLI_FIELD_KEYS"
    path.write_text("QW5vdGhlciBrZXkgb2YgdGhpcnR5LXR3byBieXRlcyE=," + path.read_text())
    assert rotated.run("restore", target).returncode == 0


def test_the_house_does_not_open_with_a_database_behind_what_it_published(told, tmp_path):
    house, target, _before = told
    old = installation.beside(house, tmp_path / "home")
    assert old.run("restore", target).returncode == 0
    with house.served() as served:
        assert served.browser("resident").report("备份以后的事").status_code == 303
    assert house.run("tick").returncode == 0
    swapped = Installation(house.home, old.database, house.known)
    _refused(
        swapped.run("serve", "--port", str(installation.free_port())), "比已经公布的核对点", "LINLI_ORIGIN"
    )
    checked = swapped.run("check")
    assert checked.returncode == 1 and "✗ 日志" in checked.stdout


def test_a_backup_never_covers_another_and_leaves_nothing_behind_when_it_fails(told, tmp_path):
    house, target, _before = told
    _refused(house.run("backup", target), "已存在")
    _refused(house.run("backup", tmp_path / "nowhere" / "a.tar.gz"), "备份没有完成")
    script = f"ulimit -f 40; exec {installation.COMMAND[0]} -m linli.site.cli backup {tmp_path}/full.tar.gz"
    done = installation.subprocess.run(
        ["bash", "-c", script], env=house.environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2 and len(done.stderr.splitlines()) == 1, done.stderr
    assert list(tmp_path.iterdir()) == []


def test_on_postgresql_the_owner_of_the_database_can_back_up_and_restore(told, tmp_path):
    """No superuser is needed; on SQLite the owner is whoever may read the file."""
    house, _target, _before = told
    if not POSTGRES:
        assert Path(house.database.removeprefix("sqlite:///")).stat().st_uid == os.geteuid()
        return
    with psycopg.connect(
        f"postgresql://linli@/postgres?host={os.environ['LINLI_PG_SOCKET']}", autocommit=True
    ) as administrator:
        administrator.execute("CREATE ROLE keeper LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE")
    first = installation.beside(house, tmp_path / "first")
    first.database = installation.new_database(first.home, owner="keeper")
    assert first.run("init").returncode == 0
    done = first.run("backup", tmp_path / "keeper.tar.gz")
    assert done.returncode == 0, done.stderr
    second = installation.beside(house, tmp_path / "second")
    second.database = installation.new_database(second.home, owner="keeper")
    done = second.run("restore", tmp_path / "keeper.tar.gz")
    assert done.returncode == 0, done.stdout + done.stderr
