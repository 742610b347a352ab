"""The Merkle tree of RFC 6962 and RFC 9162, against its own definition and against published roots."""

import hashlib
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.ground.kernel import merkle
from linli.ground.kernel.errors import Invalid
from linli.ground.kernel.merkle import Frontier, Tree

# --- the definition, word by word from RFC 6962 §2.1; entries, not hashes, go in ------------------------------


def sha(data):
    return hashlib.sha256(data).digest()


def largest_power_below(n):
    k = 1
    while k * 2 < n:
        k *= 2
    return k


@cache
def mth(entries):
    """MTH(D[n])"""
    if not entries:
        return sha(b"")
    if len(entries) == 1:
        return sha(b"\x00" + entries[0])
    k = largest_power_below(len(entries))
    return sha(b"\x01" + mth(entries[:k]) + mth(entries[k:]))


def path(m, entries):
    """PATH(m, D[n])"""
    if len(entries) == 1:
        return []
    k = largest_power_below(len(entries))
    if m < k:
        return [*path(m, entries[:k]), mth(entries[k:])]
    return [*path(m - k, entries[k:]), mth(entries[:k])]


def subproof(m, entries, known):
    """SUBPROOF(m, D[n], b)"""
    n = len(entries)
    if m == n:
        return [] if known else [mth(entries)]
    k = largest_power_below(n)
    if m <= k:
        return [*subproof(m, entries[:k], known), mth(entries[k:])]
    return [*subproof(m - k, entries[k:], False), mth(entries[:k])]


# --- published answers --------------------------------------------------------------------------------------

PUBLISHED_ENTRIES = tuple(
    bytes.fromhex(entry)
    for entry in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
)
PUBLISHED_ROOTS = [
    # leaves, root: the certificate-transparency reference tree
    (0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    (1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"),
    (2, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"),
    (3, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"),
    (4, "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"),
    (5, "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"),
    (6, "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef"),
    (7, "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"),
    (8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"),
]


@pytest.mark.parametrize(("size", "root"), PUBLISHED_ROOTS)
def test_the_roots_are_the_published_ones(size, root):
    entries = PUBLISHED_ENTRIES[:size]
    assert mth(entries).hex() == root
    leaves = merkle.leaf_hashes(entries)
    assert merkle.root(leaves).hex() == root
    assert Tree(leaves).root().hex() == root
    assert Frontier().extend(leaves).root().hex() == root


def test_the_proofs_are_those_of_the_example_in_the_rfc():
    """RFC 6962 §2.1.3 draws seven leaves, a b c d e f j, under g h i k l."""
    d = PUBLISHED_ENTRIES[:7]
    leaf_b, leaf_c, leaf_d, leaf_f, j = (mth(d[n : n + 1]) for n in (1, 2, 3, 5, 6))
    g, h, i, k, upper = mth(d[0:2]), mth(d[2:4]), mth(d[4:6]), mth(d[0:4]), mth(d[4:7])
    tree = Tree(merkle.leaf_hashes(d))
    assert tree.inclusion_proof(0) == [leaf_b, h, upper]
    assert tree.inclusion_proof(3) == [leaf_c, g, upper]
    assert tree.inclusion_proof(4) == [leaf_f, j, k]
    assert tree.inclusion_proof(6) == [i, k]
    assert tree.consistency_proof(3) == [leaf_c, leaf_d, g, upper]
    assert tree.consistency_proof(4) == [upper]
    assert tree.consistency_proof(6) == [i, j, k]


# --- against the definition, every size ---------------------------------------------------------------------

LARGEST = 70
ENTRIES = tuple(b"entry %d" % n for n in range(LARGEST))
LEAVES = merkle.leaf_hashes(ENTRIES)


@pytest.mark.parametrize("size", range(LARGEST + 1))
def test_roots_and_inclusion_proofs_follow_the_definition(size):
    tree = Tree(LEAVES[:size])
    root = mth(ENTRIES[:size])
    assert tree.root() == merkle.root(LEAVES[:size]) == root
    for index in range(size):
        proof = tree.inclusion_proof(index)
        assert proof == path(index, ENTRIES[:size])
        assert merkle.verify_inclusion(LEAVES[index], index, size, proof, root)


@pytest.mark.parametrize("size", range(1, LARGEST + 1))
def test_consistency_proofs_follow_the_definition(size):
    tree = Tree(LEAVES[:size])
    for old in range(1, size + 1):
        proof = tree.consistency_proof(old)
        assert proof == subproof(old, ENTRIES[:size], True)
        assert merkle.verify_consistency(old, size, mth(ENTRIES[:old]), mth(ENTRIES[:size]), proof)


def test_the_short_ways_to_a_proof_give_the_same():
    assert merkle.inclusion_proof(LEAVES, 33) == Tree(LEAVES).inclusion_proof(33)
    assert merkle.consistency_proof(LEAVES, 33) == Tree(LEAVES).consistency_proof(33)


def test_every_tree_begins_with_the_empty_one():
    assert Tree(LEAVES[:5]).consistency_proof(0) == []
    assert merkle.verify_consistency(0, 5, merkle.EMPTY_ROOT, mth(ENTRIES[:5]), [])
    assert merkle.verify_consistency(0, 0, merkle.EMPTY_ROOT, merkle.EMPTY_ROOT, [])
    assert not merkle.verify_consistency(0, 5, mth(ENTRIES[:1]), mth(ENTRIES[:5]), [])
    assert not merkle.verify_consistency(0, 0, merkle.EMPTY_ROOT, mth(ENTRIES[:1]), [])
    assert not merkle.verify_consistency(0, 5, merkle.EMPTY_ROOT, mth(ENTRIES[:5]), [LEAVES[0]])


@pytest.mark.parametrize(("size", "index"), [(0, 0), (5, 5), (5, -1)])
def test_there_is_no_proof_of_a_leaf_that_is_not_there(size, index):
    with pytest.raises(IndexError):
        Tree(LEAVES[:size]).inclusion_proof(index)


@pytest.mark.parametrize("old", [-1, 6])
def test_a_tree_does_not_begin_with_a_larger_one(old):
    with pytest.raises(IndexError):
        Tree(LEAVES[:5]).consistency_proof(old)


# --- what must not be believed ------------------------------------------------------------------------------


def altered(proof):
    """Every proof that is one change away: a byte, an element dropped, doubled, added or swapped."""
    for n, step in enumerate(proof):
        yield [*proof[:n], bytes([step[0] ^ 1]) + step[1:], *proof[n + 1 :]]
        yield [*proof[:n], *proof[n + 1 :]]
        yield [*proof[: n + 1], step, *proof[n + 1 :]]
    yield [*proof, LEAVES[0]]
    yield [LEAVES[0], *proof]
    if len(proof) > 1:
        yield [proof[1], proof[0], *proof[2:]]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 13, 31])
def test_an_altered_inclusion_proof_is_not_believed(size):
    root = mth(ENTRIES[:size])
    for index in range(size):
        proof = path(index, ENTRIES[:size])
        for wrong in altered(proof):
            assert not merkle.verify_inclusion(LEAVES[index], index, size, wrong, root)
        for other in range(size + 1):
            if other != index:
                assert not merkle.verify_inclusion(LEAVES[index], other, size, proof, root)
        assert not merkle.verify_inclusion(LEAVES[-1], index, size, proof, root)
        assert not merkle.verify_inclusion(LEAVES[index], index, size, proof, LEAVES[-1])


@pytest.mark.parametrize("size", [2, 3, 7, 8, 13])
def test_an_altered_consistency_proof_is_not_believed(size):
    new = mth(ENTRIES[:size])
    for old_size in range(1, size):
        old, proof = mth(ENTRIES[:old_size]), subproof(old_size, ENTRIES[:size], True)
        for wrong in altered(proof):
            assert not merkle.verify_consistency(old_size, size, old, new, wrong)
        for other in range(1, size + 1):
            if other != old_size:
                assert not merkle.verify_consistency(other, size, old, new, proof)
        assert not merkle.verify_consistency(old_size, size, LEAVES[-1], new, proof)
        assert not merkle.verify_consistency(old_size, size, old, LEAVES[-1], proof)
        assert not merkle.verify_consistency(size, old_size, new, old, proof)


def test_a_tree_is_consistent_with_itself_by_an_empty_proof_only():
    root = mth(ENTRIES[:5])
    assert merkle.verify_consistency(5, 5, root, root, [])
    assert not merkle.verify_consistency(5, 5, root, root, [LEAVES[0]])
    assert not merkle.verify_consistency(5, 5, root, LEAVES[0], [])


def test_where_a_proof_leads_is_told_so_that_a_refusal_can_name_both_roots():
    tree = Tree(LEAVES[:7])
    assert merkle.root_of_inclusion(LEAVES[3], 3, 7, tree.inclusion_proof(3)) == tree.root()
    assert merkle.root_of_inclusion(LEAVES[4], 3, 7, tree.inclusion_proof(3)) not in (None, tree.root())
    assert merkle.root_of_inclusion(LEAVES[3], 3, 7, []) is None
    both = merkle.roots_of_consistency(3, 7, mth(ENTRIES[:3]), tree.consistency_proof(3))
    assert both == (mth(ENTRIES[:3]), tree.root())
    assert merkle.roots_of_consistency(4, 7, mth(ENTRIES[:4]), []) is None
    assert merkle.roots_of_consistency(3, 7, b"short", tree.consistency_proof(3)) is None
    assert merkle.roots_of_consistency(3, 7, mth(ENTRIES[:3]), []) is None
    assert merkle.roots_of_consistency(7, 7, mth(ENTRIES[:7]), []) is None


hostile = st.one_of(
    st.none(),
    st.booleans(),
    st.floats(),
    st.integers(),
    st.integers(0, 9),
    st.sampled_from([2**63, 2**63 - 1, 2**64, -1, 10**100]),
    st.binary(max_size=33),
    st.binary(min_size=32, max_size=32),
    st.text(max_size=40),
    st.lists(st.binary(min_size=32, max_size=32), max_size=4),
    st.lists(st.one_of(st.none(), st.binary(max_size=33), st.integers()), max_size=4),
    st.tuples(st.binary(min_size=32, max_size=32)),
    st.dictionaries(st.text(max_size=2), st.none(), max_size=2),
    st.just(object()),
    st.just([bytes(32)] * 65),
    st.builds(bytearray, st.binary(min_size=32, max_size=32)),
)


@given(hostile, hostile, hostile, hostile, hostile)
@settings(deadline=None, max_examples=400)
def test_whatever_is_handed_in_the_answer_is_yes_or_no(a, b, c, d, e):
    assert merkle.verify_inclusion(a, b, c, d, e) is False
    assert merkle.verify_consistency(a, b, c, d, e) in (True, False)


class AgreesWithEverything:
    def __eq__(self, other):
        return True

    __hash__ = None


class Explodes:
    def __eq__(self, other):
        raise RuntimeError

    __hash__ = None


@pytest.mark.parametrize("root", [AgreesWithEverything(), Explodes(), None])
def test_an_object_that_agrees_with_everything_is_no_root(root):
    tree = Tree(LEAVES[:5])
    assert merkle.verify_inclusion(LEAVES[2], 2, 5, tree.inclusion_proof(2), root) is False
    assert merkle.verify_consistency(3, 5, mth(ENTRIES[:3]), root, tree.consistency_proof(3)) is False
    assert merkle.verify_consistency(3, 5, root, tree.root(), tree.consistency_proof(3)) is False


@given(st.integers(0, 8), st.integers(0, 9), st.lists(st.sampled_from(LEAVES[:8]), max_size=5), hostile)
@settings(deadline=None, max_examples=300)
def test_made_up_proofs_of_the_right_shape_are_not_believed(index, size, proof, root):
    assert merkle.verify_inclusion(LEAVES[0], index, size, proof, root) is False
    assert merkle.verify_consistency(index, size, LEAVES[0], LEAVES[1], proof) is False


# --- the frontier -------------------------------------------------------------------------------------------


def test_appending_one_by_one_gives_every_root():
    frontier = Frontier()
    for size, leaf in enumerate(LEAVES):
        assert frontier.size == size
        assert frontier.root() == mth(ENTRIES[:size])
        frontier = frontier.append(leaf)
    assert frontier.root() == mth(ENTRIES)


@given(st.lists(st.integers(0, 25), max_size=6))
@settings(deadline=None)
def test_leaves_may_come_in_any_batches(batches):
    frontier, size = Frontier(), 0
    for batch in batches:
        size += batch
        frontier = frontier.extend([merkle.leaf_hash(b"%d" % n) for n in range(size - batch, size)])
    one_by_one = Frontier()
    for n in range(size):
        one_by_one = one_by_one.append(merkle.leaf_hash(b"%d" % n))
    assert frontier == one_by_one
    assert Frontier.from_bytes(frontier.to_bytes()) == frontier


def test_the_frontier_is_kept_in_eight_bytes_and_a_hash_for_each_set_bit():
    frontier = Frontier().extend(LEAVES[:6])
    assert frontier.to_bytes() == (6).to_bytes(8, "big") + mth(ENTRIES[:4]) + mth(ENTRIES[4:6])
    assert Frontier().to_bytes() == bytes(8)


BROKEN = [b"", bytes(7), bytes(9), bytes(8) + bytes(32), (1).to_bytes(8, "big"), b"\xff" * 8 + bytes(32 * 64)]


@pytest.mark.parametrize("data", BROKEN, ids=range(len(BROKEN)))
def test_a_broken_frontier_is_refused(data):
    with pytest.raises(Invalid, match="日志前沿损坏"):
        Frontier.from_bytes(data)


def test_a_frontier_of_wrong_hashes_is_refused():
    with pytest.raises(Invalid, match="32 字节"):
        Frontier(1, (b"short",))
    with pytest.raises(Invalid, match="节点数"):
        Frontier(-1, ())
