"""Compare a name with the words of many records at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from sogdia.ledger.name_similarity import Vocabulary, is_compound, is_same_word, joined_neighbours


class NameIndex:
    """Words of records by word, so that a name is compared with distinct words and not with each record.

    Args:
        records: Words of each record.
        vocabulary: Weights of words.
    """

    def __init__(self, records: Sequence[frozenset[str]], vocabulary: Vocabulary) -> None:
        self._count = len(records)
        self._vocabulary = vocabulary
        self._places: dict[str, list[int]] = {}
        self._by_letter: dict[str, list[str]] = {}
        for place, words in enumerate(records):
            for word in words:
                self._places.setdefault(word, []).append(place)
        for word in self._places:
            self._by_letter.setdefault(word[:1], []).append(word)
        self._found: dict[str, npt.NDArray[np.bool_]] = {}
        self._found_compounds: dict[str, npt.NDArray[np.bool_]] = {}

    def shares(self, name: Iterable[str]) -> npt.NDArray[np.float64] | None:
        """Return :func:`sogdia.ledger.name_similarity.containment` of a name in each record.

        Args:
            name: Words of the name.

        Returns:
            Shares from 0 to 1 by record, or ``None`` if the name has no words.
        """
        words = tuple(dict.fromkeys(name))
        if not words:
            return None
        total, found = 0.0, np.zeros(self._count)
        for place, word in enumerate(words):
            weight = self._vocabulary.weight(word)
            total += weight
            holds = self._holds(word)
            for pair in joined_neighbours(words, place):
                holds = holds | self._holds_compound(pair)
            found += weight * holds
        return found / total

    def _holds(self, word: str) -> npt.NDArray[np.bool_]:
        if word not in self._found:
            self._found[word] = self._mask(
                other for other in self._by_letter.get(word[:1], ()) if is_same_word(word, other)
            )
        return self._found[word]

    def _holds_compound(self, pair: str) -> npt.NDArray[np.bool_]:
        if pair not in self._found_compounds:
            self._found_compounds[pair] = self._mask(
                other for other in self._by_letter.get(pair[:1], ()) if is_compound(pair, other)
            )
        return self._found_compounds[pair]

    def _mask(self, words: Iterable[str]) -> npt.NDArray[np.bool_]:
        mask = np.zeros(self._count, dtype=bool)
        for word in words:
            mask[self._places[word]] = True
        return mask
