"""Camps out of a sparse matrix of answers: who answers alike, found the same way every time.

People are rows, statements columns; what a person did not answer stays unknown. The directions in which
people differ more than by chance are found against shuffled copies of the matrix; in these directions
the people are gathered around two to five centres. Without such a direction there is one camp.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FEWEST_ANSWERS = 3
"""Who answered less is not placed in a camp; the answers still count."""
MOST_CAMPS = 5
MOST_DIRECTIONS = 4
SHUFFLES = 12
CLEARLY_ABOVE_CHANCE = 1.1
ROUNDS = 100
SEED = 20260601
CLEARLY_BETTER = 1e-9

Matrix = NDArray[np.float64]
Mask = NDArray[np.bool_]
Labels = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Placement:
    """The camp of every person (-1: answered too little), and how many camps there are."""

    camp_of: tuple[int, ...]
    camps: int
    separation: float  # 0 to 1: how much nearer people are to their own centre than to the next


def place_people(answers: Matrix) -> Placement:
    """Place people in camps. ``answers`` is 1 agree, -1 disagree, 0 pass, NaN not answered.

    Camps are numbered by size, the largest 0. The order of rows decides nothing but ties.
    """
    answered = ~np.isnan(answers)
    placed = answered.sum(axis=1) >= min(FEWEST_ANSWERS, answers.shape[1])
    labels = np.full(len(answers), -1, dtype=np.int64)
    found, separation = np.zeros(int(placed.sum()), dtype=np.int64), 0.0
    if len(found) > 1:
        where = _coordinates(answers[placed], answered[placed])
        if where is not None:
            found, separation = _gather(where)
            found = _by_their_answers(found, answers[placed], answered[placed])
    labels[placed] = _by_size(found)
    camps = int(labels.max(initial=-1)) + 1
    return Placement(tuple(int(label) for label in labels), camps, separation)


def _centred(answers: Matrix, answered: Mask) -> Matrix:
    """Answers against the statement's mean, unknown ones at the mean; who answered little weighs as much."""
    seen = answered.sum(axis=0)
    mean = np.where(answered, answers, 0.0).sum(axis=0) / np.maximum(seen, 1)
    centred = np.where(answered, answers - mean, 0.0)
    share = answered.sum(axis=1) / answers.shape[1]
    weighted: Matrix = centred / np.sqrt(np.maximum(share, 1e-12))[:, None]
    return weighted


def _coordinates(answers: Matrix, answered: Mask) -> Matrix | None:
    """The people in the directions that tell them apart beyond chance; None where there is none."""
    matrix = _centred(answers, answered)
    strength, directions = _directions(matrix)
    chance = _strength_by_chance(answers, answered)
    beyond = int((strength[:MOST_DIRECTIONS] > CLEARLY_ABOVE_CHANCE * chance).sum())
    return matrix @ directions[:, :beyond] if beyond else None


def _directions(matrix: Matrix) -> tuple[Matrix, Matrix]:
    """Strengths (squared singular values) and directions, the strongest first; signs fixed."""
    strength, directions = np.linalg.eigh(matrix.T @ matrix)
    strength, directions = strength[::-1], directions[:, ::-1]
    largest = np.abs(directions).argmax(axis=0)
    signs = np.sign(directions[largest, np.arange(directions.shape[1])])
    return strength, directions * signs


def _strength_by_chance(answers: Matrix, answered: Mask) -> float:
    """The greatest strength in copies where every statement's answers are dealt anew to those who answered."""
    chance = np.random.default_rng(SEED)
    strongest = 0.0
    for _ in range(SHUFFLES):
        dealt = answers.copy()
        for column in range(answers.shape[1]):
            rows = np.flatnonzero(answered[:, column])
            dealt[rows, column] = answers[chance.permutation(rows), column]
        strongest = max(strongest, float(_directions(_centred(dealt, answered))[0][0]))
    return strongest


def _gather(where: Matrix) -> tuple[Labels, float]:
    """The best gathering around two to five centres, and how well it separates."""
    best, best_separation = np.zeros(len(where), dtype=np.int64), 0.0
    for camps in range(2, min(MOST_CAMPS, len(where)) + 1):
        labels, centres = _around_centres(where, camps)
        separation = _separation(where, labels, centres)
        if separation > best_separation + CLEARLY_BETTER:
            best, best_separation = labels, separation
    return best, best_separation


def _around_centres(where: Matrix, camps: int) -> tuple[Labels, Matrix]:
    """Lloyd's rounds from centres that lie far apart."""
    centres = _far_apart(where, camps)
    labels = np.zeros(len(where), dtype=np.int64)
    for _ in range(ROUNDS):
        nearest = _distances(where, centres).argmin(axis=1)
        for camp in range(len(centres)):
            if (nearest == camp).any():
                centres[camp] = where[nearest == camp].mean(axis=0)
        if (nearest == labels).all():
            break
        labels = nearest
    return labels, centres


def _far_apart(where: Matrix, camps: int) -> Matrix:
    """First the person farthest from the middle, then each time the farthest from all chosen."""
    chosen = [int(_distances(where, where.mean(axis=0)[None, :])[:, 0].argmax())]
    while len(chosen) < camps:
        chosen.append(int(_distances(where, where[chosen]).min(axis=1).argmax()))
    return where[chosen].copy()


def _distances(where: Matrix, centres: Matrix) -> Matrix:
    between: Matrix = np.sqrt(((where[:, None, :] - centres[None, :, :]) ** 2).sum(axis=2))
    return between


def _separation(where: Matrix, labels: Labels, centres: Matrix) -> float:
    """The mean of 1 - (own distance / distance to the next centre); 0 if a camp is empty or nearly so."""
    if np.bincount(labels, minlength=len(centres)).min() < 2:
        return 0.0
    distances = _distances(where, centres)
    rows = np.arange(len(where))
    own = distances[rows, labels]
    distances[rows, labels] = np.inf
    following = distances.min(axis=1)
    nearer = 1 - own / np.maximum(following, 1e-12)
    return float(nearer.mean())


def _by_their_answers(labels: Labels, answers: Matrix, answered: Mask) -> Labels:
    """Move each person to the camp whose members' answers make theirs likeliest, until nobody moves."""
    camps = int(labels.max()) + 1
    for _ in range(ROUNDS):
        likelihood = np.zeros((len(labels), camps))
        for worth in (1.0, 0.0, -1.0):
            said = answered & (answers == worth)
            for camp in range(camps):
                members = labels == camp
                times, heard = said[members].sum(axis=0), answered[members].sum(axis=0)
                likelihood[:, camp] += said @ np.log((times + 1) / (heard + 3))
        nearest = likelihood.argmax(axis=1)
        if (nearest == labels).all() or np.bincount(nearest, minlength=camps).min() < 2:
            break
        labels = nearest
    return labels


def _by_size(labels: Labels) -> Labels:
    """The same camps numbered by size; of equal ones that of the earlier person first."""
    sizes = np.bincount(labels) if len(labels) else np.zeros(0, dtype=np.int64)
    first = {int(label): int((labels == label).argmax()) for label in np.unique(labels)}
    order = sorted(first, key=lambda label: (-int(sizes[label]), first[label]))
    number = {label: place for place, label in enumerate(order)}
    return np.array([number[int(label)] for label in labels], dtype=np.int64)
