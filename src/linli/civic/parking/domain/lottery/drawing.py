"""The draw: the commitment is opened, every applicant gets a number that anyone can recompute, and they are ordered.

``commitment = SHA-256(secret)`` is published before the list closes; the public value was named beforehand and
becomes known only after it has closed. Then

    seed   = SHA-256("linli lottery 1\\n" + secret + "\\n" + public value + "\\n" + digest of the list)
    number = HMAC-SHA-256(seed, applicant id)

Whoever knows the secret could not know the public value when the list closed, whoever knows the public value
could not know the secret; and nobody's number depends on where they stand in the list. The numbers are 256 bits
wide and are compared as they are, so that no remainder favours anybody. Commit and reveal as in Blum, *Coin
flipping by telephone* (1981); HMAC: RFC 2104.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass

from linli.civic.parking.domain.lottery.rules import CRITERIA, Applicant, Criterion
from linli.ground.kernel.canonical import encode
from linli.ground.kernel.errors import Invalid
from linli.ground.kernel.text import natural_key, shown

SHORTEST_SECRET = 16
LONGEST_WORD = 400
_HEX = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Opening:
    """The commitment with what opens it."""

    commitment: str
    secret: str
    public_value: str


@dataclass(frozen=True, slots=True)
class Placed:
    """One applicant's place: from 1; ``number`` is the drawn one in hexadecimal digits."""

    place: int
    applicant: Applicant
    number: str
    has_bay: bool

    @property
    def next_lost_terms(self) -> int:
        """What the next term remembers: one more term without a bay, or none."""
        return 0 if self.has_bay else self.applicant.lost_terms + 1


@dataclass(frozen=True, slots=True)
class Drawn:
    """The whole result, and what it was made of."""

    opening: Opening
    bays: int
    list_digest: str
    seed: str
    criteria: tuple[Criterion, ...]
    placed: tuple[Placed, ...]

    @property
    def result_digest(self) -> str:
        """A digest over the order, so that two who recompute can compare one line."""
        return _digest([[one.place, one.applicant.id, one.number, one.has_bay] for one in self.placed])


def draw(
    applicants: Sequence[Applicant],
    *,
    bays: int,
    opening: Opening,
    criteria: Sequence[Criterion] = CRITERIA,
) -> Drawn:
    """Order the applicants: by the criteria one after the other, and among equals by their drawn numbers.

    The order of the list is irrelevant. Refuses a secret that does not open the commitment.
    """
    require_opens(opening)
    digest = digest_of(applicants)
    seed = seed_of(opening, digest)
    drawn = [(number_of(seed, one.id), one) for one in applicants]
    drawn.sort(key=lambda pair: (*(criterion.rank(pair[1]) for criterion in criteria), pair[0]))
    placed = tuple(
        Placed(place, applicant, number, place <= bays) for place, (number, applicant) in enumerate(drawn, 1)
    )
    return Drawn(opening, bays, digest, seed, tuple(criteria), placed)


def require_opens(opening: Opening) -> None:
    """Refuse a commitment that is none, a secret that could be guessed, and one that does not open it."""
    if not _HEX.fullmatch(opening.commitment):
        raise Invalid(
            "not_a_commitment",
            "承诺值“{text}”不对，应是 64 位十六进制数（秘密的 SHA-256）。",
            text=shown(opening.commitment),
        )
    _require_word(opening.public_value, "公开值")
    if commitment_of(opening.secret) != opening.commitment:
        raise Invalid(
            "secret_does_not_open",
            "秘密与事先公布的承诺值对不上：它的 SHA-256 是 {computed}，公布的是 {published}。这次摇号无效。",
            computed=commitment_of(opening.secret),
            published=opening.commitment,
        )


def commitment_of(secret: str) -> str:
    """The SHA-256 of the secret's UTF-8 bytes, as ``sha256sum`` prints it. Refuses one that could be guessed."""
    _require_word(secret, "秘密")
    if len(secret) < SHORTEST_SECRET:
        raise Invalid(
            "secret_too_short",
            "秘密只有 {length} 个字符，别人猜得出来；至少写 {least} 个随机字符。",
            length=len(secret),
            least=SHORTEST_SECRET,
        )
    return hashlib.sha256(secret.encode()).hexdigest()


def _require_word(text: str, what: str) -> None:
    if not text or not text.isprintable() or text != text.strip() or len(text) > LONGEST_WORD:
        raise Invalid(
            "not_a_word",
            "{what}要写 1 到 {most} 个可见字符，前后没有空格，不能换行。",
            what=what,
            most=LONGEST_WORD,
        )


def digest_of(applicants: Sequence[Applicant]) -> str:
    """The SHA-256 of the list in the natural order of its ids; the order of the file does not matter."""
    rows = [list(one[1:]) for one in sorted(applicants, key=lambda one: (natural_key(one.id), one.id))]
    return _digest(rows)


def seed_of(opening: Opening, list_digest: str) -> str:
    """The seed of the draw, in hexadecimal digits."""
    text = f"linli lottery 1\n{opening.secret}\n{opening.public_value}\n{list_digest}"
    return hashlib.sha256(text.encode()).hexdigest()


def number_of(seed: str, applicant_id: str) -> str:
    """An applicant's number: 64 hexadecimal digits, the smaller goes first."""
    return hmac.new(bytes.fromhex(seed), applicant_id.encode(), hashlib.sha256).hexdigest()


def _digest(rows: list[list[object]]) -> str:
    return hashlib.sha256(encode(rows)).hexdigest()
