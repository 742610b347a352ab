"""The verifier's own arithmetic against the house's and against the library's."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.ground.journal import verifier
from linli.ground.kernel import canonical, merkle
from linli.ground.kernel.errors import Invalid

SOURCE = Path(verifier.__file__)
LINES = 600
RFC_8032 = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
        "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]


def test_it_is_one_short_file_that_imports_nothing_but_the_standard_library():
    source = SOURCE.read_text(encoding="utf-8")
    assert len(source.splitlines()) <= LINES
    imported = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            imported |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            imported.add(str(node.module).split(".")[0])
    assert imported <= sys.stdlib_module_names
    assert not imported & {"socket", "urllib", "http", "subprocess", "ctypes", "importlib"}


@pytest.mark.parametrize(("public", "message", "signature"), RFC_8032)
def test_it_accepts_the_signatures_of_rfc_8032(public, message, signature):
    public, message, signature = (bytes.fromhex(text) for text in (public, message, signature))
    assert verifier.signature_is_valid(public, message, signature)
    assert not verifier.signature_is_valid(public, message + b"x", signature)


@settings(max_examples=25, deadline=None)
@given(
    seed=st.binary(min_size=32, max_size=32),
    message=st.binary(max_size=80),
    position=st.integers(0, 63),
    bit=st.integers(0, 7),
)
def test_it_accepts_what_the_library_signs_and_nothing_beside_it(seed, message, position, bit):
    key = Ed25519PrivateKey.from_private_bytes(seed)
    public, signature = key.public_key().public_bytes_raw(), key.sign(message)
    assert verifier.signature_is_valid(public, message, signature)
    changed = bytearray(signature)
    changed[position] ^= 1 << bit
    assert not verifier.signature_is_valid(public, message, bytes(changed))


def test_it_takes_no_second_spelling_of_a_signature_or_a_key():
    key = Ed25519PrivateKey.from_private_bytes(bytes(32))
    public, signature = key.public_key().public_bytes_raw(), key.sign(b"x")
    s = int.from_bytes(signature[32:], "little") + verifier.ORDER
    assert not verifier.signature_is_valid(public, b"x", signature[:32] + s.to_bytes(32, "little"))
    assert verifier.read_point((verifier.P + 1).to_bytes(32, "little")) is None
    assert verifier.read_point((1 | 1 << 255).to_bytes(32, "little")) is None
    assert verifier.read_point((2).to_bytes(32, "little")) is None
    assert not verifier.signature_is_valid(public[:31], b"x", signature)
    assert not verifier.signature_is_valid(public, b"x", signature[:63])


@settings(deadline=None)
@given(count=st.integers(0, 70), data=st.data())
def test_its_tree_is_the_tree_of_the_house(count, data):
    leaves = merkle.leaf_hashes(str(number).encode() for number in range(count))
    tree = verifier.Tree()
    for leaf in leaves:
        tree.append(leaf)
    assert tree.root() == merkle.root(leaves)
    if count:
        index = data.draw(st.integers(0, count - 1))
        path = merkle.inclusion_proof(leaves, index)
        assert verifier.root_of_path(leaves[index], index, count, path) == tree.root()
        assert verifier.root_of_path(leaves[index], index, count, [*path, bytes(32)]) is None
        for wrong in (index + 1, index + count):
            assert verifier.root_of_path(leaves[index], wrong, count, path) != tree.root()


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text("abz09_A", min_size=0, max_size=4), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(deadline=None)
@given(value=VALUES)
def test_it_reads_what_the_house_writes_and_refuses_what_the_house_refuses(value):
    try:
        data = canonical.encode(value)
    except Invalid:
        try:
            data = verifier.canonical_text(value).encode()
        except UnicodeEncodeError:
            return
        with pytest.raises(ValueError):
            verifier.canonical_value(data)
        return
    assert verifier.canonical_value(data) == value


@pytest.mark.parametrize(
    "data",
    [b'{"a": 1}', b'{"b":1,"a":2}', b'{"a":1,"a":1}', b"1.0", b"1e3", b"NaN", b'"\\u0041"', b"01", b"-0", b"\xff", b"", b'{"a":1} ', b'"\\ud800"', b"[" * 100_000, b"9007199254740992", b'{"A":1}', b'"a'],
)  # fmt: skip
def test_it_refuses_every_other_spelling(data):
    with pytest.raises((ValueError, RecursionError)):
        verifier.canonical_value(data)
