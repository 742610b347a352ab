"""Signed notes, keys, receipts, and what must never stand in the log."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.ground.journal.domain import notes, receipts, traces
from linli.ground.kernel.errors import Invalid

SECRET = base64.b64encode(bytes(range(32))).decode()
KEY = notes.signing_key("linli.example/17", SECRET)
SAID = notes.CheckpointText("linli.example/17", 5, bytes(range(32)))


def test_a_checkpoint_reads_like_this():
    note = KEY.sign(str(SAID))
    assert note == (
        "linli.example/17\n5\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n\n"
        f"— linli.example/17 {note.rsplit(' ', 1)[1]}"
    )
    assert notes.open_checkpoint(note, KEY) == SAID
    assert KEY.verifier_key.startswith("linli.example/17+") and KEY.verifier_key.count("+") >= 2


def test_any_changed_byte_of_a_checkpoint_is_refused():
    note = KEY.sign(str(SAID)).encode()
    for position in range(len(note)):
        for bit in range(8):
            changed = bytearray(note)
            changed[position] ^= 1 << bit
            with pytest.raises(Invalid):
                notes.open_checkpoint(changed.decode(errors="replace"), KEY)


def test_a_checkpoint_of_another_key_is_refused():
    other = notes.signing_key("linli.example/17", base64.b64encode(bytes(32)).decode())
    with pytest.raises(Invalid) as refused:
        notes.open_checkpoint(other.sign(str(SAID)), KEY)
    assert refused.value.code == "checkpoint_not_ours"


@pytest.mark.parametrize("secret", ["", "abc", base64.b64encode(bytes(31)).decode(), "AAEC=" * 9])
def test_a_log_key_that_is_no_32_bytes_is_refused(secret):
    with pytest.raises(Invalid):
        notes.signing_key("linli.example/17", secret)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "全角\u3000空格"])
def test_a_name_that_a_note_cannot_hold_is_refused(name):
    with pytest.raises(Invalid):
        notes.signing_key(name, SECRET)


@given(data=st.binary(max_size=70), letter=st.integers(0, 95), place=st.integers(0, 95))
def test_base64_has_one_spelling(data, letter, place):
    text = base64.b64encode(data).decode()
    assert notes.strict_base64(text) == data
    changed = text[: place % (len(text) + 1)] + chr(32 + letter) + text[place % (len(text) + 1) + 1 :]
    found = notes.strict_base64(changed)
    assert found is None or base64.b64encode(found).decode() == changed


@given(log=st.integers(0, 10**12), index=st.integers(0, 10**12), hashed=st.binary(min_size=32, max_size=32))
def test_a_receipt_reads_back_from_its_code(log, index, hashed):
    receipt = receipts.Receipt(log, index, hashed)
    assert receipts.read_receipt(f" {receipt.code}\n") == receipt
    assert len(receipt.code.split(":")[3]) == 43


@pytest.mark.parametrize(
    "code", ["", "LL1:1:2:", "LL1:01:2:" + "A" * 43, "LL1:1:2:" + "A" * 42 + "B", "LL2:1:2:" + "A" * 43]
)
def test_what_is_no_receipt_is_refused(code):
    with pytest.raises(Invalid):
        receipts.read_receipt(code)


@pytest.mark.parametrize(
    "text",
    [
        "13812345678",
        "请打13812345678找我",
        "138 1234 5678",
        "138-1234-5678",
        "+8613812345678",
        "11010519491231002X",
        "(110105194912310021)",
    ],
)
def test_phones_and_id_numbers_are_found(text):
    assert traces.personal_traces(f'{{"b":{{"note":"{text}"}}}}'.encode())


@pytest.mark.parametrize(
    "text",
    [
        "1795161600000",
        "20261120-1042",
        "f13812345678a",
        "9913812345678",
        "12345678901",
        "ab" * 32,
        "370211194912310021999",
    ],
)
def test_hashes_instants_and_numbers_are_left_alone(text):
    assert traces.personal_traces(f'{{"b":{{"note":"{text}"}}}}'.encode()) == []


def test_names_are_found_when_they_are_known():
    entry = '{"b":{"note":"王秀兰来过"}}'.encode()
    assert traces.personal_traces(entry, ["李四", "王秀兰", ""]) == ["王秀兰"]
