"""A sentence as the rules of amounts, acts and roles look at it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sogdia.articles.claim import ClaimType
from sogdia.articles.gazetteer import Gazetteer
from sogdia.articles.grammar.annotations import AnnotatedSentence
from sogdia.articles.grammar.predicates import Predicate
from sogdia.articles.grammar.project_mentions import ProjectMention


@dataclass(frozen=True, slots=True)
class SentenceView:
    """A sentence with what the rules of amounts and acts look at.

    Attributes:
        annotated: The annotated sentence.
        predicates: Its predicates.
        projects: Its project mentions, linked to the pack.
        gazetteer: Names of the region pack.
        previous_type: Type of the last claim of the paragraph.
    """

    annotated: AnnotatedSentence
    predicates: Sequence[Predicate]
    projects: Sequence[ProjectMention]
    gazetteer: Gazetteer
    previous_type: ClaimType | None = None

    @property
    def text(self) -> str:
        """Text of the sentence."""
        return self.annotated.text

    def verb_of(self, position: int) -> Predicate | None:
        """Return the verb that governs a position: the last before it in its clause, else the first after it.

        Args:
            position: Position in the sentence.
        """
        low, high = self.annotated.clause_span(position)
        verbs = [
            item for item in self.predicates if item.part != "noun" and item.frame.name != "say"
            and low <= item.start < high
        ]  # fmt: skip
        if not verbs and self.text[low - 1 : low] == "(":
            return self.verb_of(low - 2)
        before = [item for item in verbs if item.end <= position]
        after = [item for item in verbs if item.start >= position]
        return before[-1] if before else after[0] if after else None

    def has_lender(self, position: int) -> bool:
        """Return whether the clause of a position names a lender.

        Args:
            position: Position in the sentence.
        """
        low, high = self.annotated.clause_span(position)
        return any(item.kind == "lender" and low <= item.start < high for item in self.annotated.mentions)
