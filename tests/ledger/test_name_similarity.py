"""Similarity of names."""

from __future__ import annotations

from sogdia.ledger.name_similarity import build_vocabulary, containment, name_words


def test_containment_allows_spelling_variants() -> None:
    records = [
        frozenset(name_words(name))
        for name in (
            "Kambarata-1 hydropower plant",
            "Dostyk-Moyinty second track",
            "Galkynysh gas field phase 1",
            "Galkynysh gas field phase 4",
            "Rogun hydropower plant",
        )
    ]
    vocabulary = build_vocabulary(records)
    assert containment(name_words("Kambar-Ata-1"), records[0], vocabulary) == 1.0
    assert containment(name_words("Dostyq-Moyynty"), records[1], vocabulary) == 1.0
    assert containment(name_words("Galkynysh phase 4"), records[3], vocabulary) == 1.0
    assert containment(name_words("Galkynysh phase 4"), records[2], vocabulary) < 0.75  # type: ignore[operator]
    assert containment(name_words("Rogun"), records[0], vocabulary) == 0.0
    assert containment(name_words("250 MW"), records[0], vocabulary) is None
