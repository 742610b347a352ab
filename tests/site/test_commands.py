"""What an operator meets: every command says in one sentence what is wrong, and ends with its documented code."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import time

import pytest

from tests.site import installation
from tests.site.installation import POSTGRES, Installation, Served, family, free_port


def sentence(done) -> str:
    """The one sentence of a refused command."""
    assert done.returncode == 2, (done.returncode, done.stdout, done.stderr)
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1 and done.stderr.rstrip().endswith("。"), done.stderr
    return str(done.stderr)


@pytest.fixture
def bare(tmp_path) -> Installation:
    """A folder in which nothing was done yet."""
    return Installation(tmp_path / "home", installation.new_database(tmp_path / "home"))


def test_a_new_installation_is_fine_and_making_it_again_changes_nothing(founded_installation, house):
    keys = {path.name: path.read_text() for path in (house.home / "keys").iterdir()}
    again = house.run("init")
    assert again.returncode == 0 and "新建密钥" not in again.stdout
    assert {path.name: path.read_text() for path in (house.home / "keys").iterdir()} == keys
    assert (house.home / "keys").stat().st_mode & 0o077 == 0
    ticked = house.run("tick")
    assert ticked.returncode == 0 and "出错" not in ticked.stdout
    checked = house.run("check")
    assert "✓ 密钥齐全" in checked.stdout and "Traceback" not in checked.stderr


@pytest.mark.parametrize("verb", ["serve", "tick"])
def test_before_init_the_house_says_what_to_do_first(bare, verb):
    assert "linli init" in sentence(bare.run(verb))


def test_before_init_the_check_says_all_that_is_missing(bare):
    done = bare.run("check")
    assert done.returncode == 1 and done.stderr == ""
    for name in ("LINLI_SECRET_KEY", "LINLI_FIELD_KEYS", "LINLI_INDEX_KEY", "LINLI_LOG_KEY"):
        assert name in done.stdout
    assert "linli init" in done.stdout


@pytest.mark.parametrize("name", ["LINLI_SECRET_KEY", "LINLI_LOG_KEY"])
def test_a_missing_key_is_named(house, name):
    (house.home / "keys" / name).unlink()
    assert name in sentence(house.run("serve", "--port", str(free_port())))
    checked = house.run("check")
    assert checked.returncode == 1 and f"✗ 缺密钥 {name}" in checked.stdout


@pytest.mark.parametrize("name", ["LINLI_FIELD_KEYS", "LINLI_LOG_KEY"])
def test_a_key_that_is_none_is_told_by_the_check(house, name):
    (house.home / "keys" / name).write_text("不是密钥")
    checked = house.run("check")
    assert checked.returncode == 1 and f"设置 {name}" in checked.stdout
    assert name in sentence(house.run("serve", "--port", str(free_port())))


def test_a_taken_port_is_told_with_a_way_on(house):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        told = sentence(house.run("serve", "--port", str(port)))
    assert f"端口 {port} 已经有别的程序在用" in told and "--port" in told


@pytest.mark.parametrize("port", ["0", "70000", "门"])
def test_a_port_that_is_none_is_told(house, port):
    assert "--port" in sentence(house.run("serve", "--port", port))


def test_an_address_of_another_machine_is_told(house):
    assert "203.0.113.7" in sentence(house.run("serve", "--host", "203.0.113.7", "--port", str(free_port())))


UNREACHABLE = "postgresql://linli@/linli?host=/nowhere/at/all"


@pytest.mark.parametrize("verb", ["serve", "backup", "verify"])
def test_a_database_that_is_not_there_is_one_sentence(house, tmp_path, verb):
    words = {"backup": ["backup", tmp_path / "b.tar.gz"], "verify": ["verify", "--db"]}.get(verb, [verb])
    told = sentence(house.run(*words, LINLI_DATABASE=UNREACHABLE))
    assert "数据库" in told or "pg_dump" in told
    assert not (tmp_path / "b.tar.gz").exists()


def test_a_database_that_is_not_there_fails_the_check(house):
    done = house.run("check", LINLI_DATABASE=UNREACHABLE)
    assert done.returncode == 1 and "✗ 数据库连不上" in done.stdout and done.stderr == ""


def test_a_file_that_is_no_database_is_told(house, tmp_path):
    (tmp_path / "letter.txt").write_text("亲爱的邻居：\n" * 200, encoding="utf-8")
    told = sentence(house.run("serve", LINLI_DATABASE=f"sqlite:///{tmp_path}/letter.txt"))
    assert "不是数据库" in told


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LINLI_DATABASE", "mysql://x"),
        ("LINLI_HTTPS", "是"),
        ("LINLI_PROXIES", "两个"),
        ("LINLI_MESSAGES_KEPT_DAYS", "0"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(house, name, value):
    assert name in sentence(house.run("tick", **{name: value}))


@pytest.mark.parametrize("verb", ["init", "serve"])
def test_a_folder_that_is_a_file_is_told(bare, tmp_path, verb):
    (tmp_path / "file").write_text("")
    told = sentence(bare.run(verb, LINLI_HOME=str(tmp_path / "file" / "home")))
    assert str(tmp_path / "file") in told or "LINLI_HOME" in told


WITHOUT_POWERS = ("setpriv", "--bounding-set=-dac_override,-dac_read_search")
"""Root may enter everywhere, unless it gives these two powers up."""


@pytest.mark.parametrize("verb", ["init", "serve", "check"])
def test_a_folder_that_one_may_not_enter_is_told(house, verb):
    house.home.chmod(0o000)
    try:
        done = installation.subprocess.run(
            [*(WITHOUT_POWERS if os.geteuid() == 0 else ()), *installation.COMMAND, verb],
            env=house.environment,
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        house.home.chmod(0o700)
    told = sentence(done)
    assert "没有权限" in told and str(house.home) in told


def test_asked_to_close_it_closes_and_the_port_is_free_again(house):
    with house.served() as served:
        started = family(served.process.pid)
        assert len(started) >= 3, "command, server, worker"
        os.kill(served.process.pid, signal.SIGTERM)
        assert served.process.wait(timeout=30) == 0
    assert family(served.process.pid) == []
    port = int(served.address.rpartition(":")[2])
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))


def test_when_only_the_first_process_is_killed_the_next_start_gets_the_port(house):
    with house.served() as served:
        port = int(served.address.rpartition(":")[2])
        os.kill(served.process.pid, signal.SIGKILL)
        served.process.wait()
        again = Served.start(house, port=port)
        try:
            again.await_answer()
            assert again.process.poll() is None
        finally:
            again.stop()


def test_a_worker_that_is_killed_is_replaced(house):
    with house.served() as served:
        worker = family(served.process.pid)[-1]
        os.kill(worker, signal.SIGKILL)
        until = time.monotonic() + 20
        while worker in family(served.process.pid) or len(family(served.process.pid)) < 3:
            assert time.monotonic() < until
            time.sleep(0.1)
        served.await_answer()


def test_without_static_files_the_house_does_not_open(house):
    shutil.rmtree(house.home / "static")
    assert "linli init" in sentence(house.run("serve", "--port", str(free_port())))


def test_a_database_of_an_older_version_is_told(house):
    house.ask("DELETE FROM django_migrations WHERE app = 'requests'")
    if not POSTGRES:
        assert (house.home / "linli.sqlite3").is_file()
    assert "linli init" in sentence(house.run("serve", "--port", str(free_port())))
    checked = house.run("check")
    assert checked.returncode == 1 and "请先 linli init" in checked.stdout
