"""Function words by which the predicates of a sentence are recognised, as sets of words in lower case."""

from __future__ import annotations

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


MODALS = _words(
    """
    will would shall should may might can could must ll won't wouldn't cannot
    """
)
COUNTERFACTUAL = _words("would could should might")
BE = _words(
    """
    is are was were be been being isn't aren't wasn't weren't
    """
)
HAVE = _words(
    """
    has have had having hasn't haven't hadn't
    """
)
DO = _words(
    """
    do does did don't doesn't didn't
    """
)
NEGATION = _words(
    """
    not never no neither nor hardly
    """
)
ADVERBS = _words(
    """
    also already just now soon then since still again yet both all jointly even once first recently
    ever so far finally separately however itself themselves instead each
    """
)
AUXILIARIES = MODALS | BE | HAVE | DO | NEGATION | ADVERBS | {"to"}
DETERMINERS = _words(
    """
    a an the this that these those its their his her our any some another no each every first second
    third  fourth new further such two three four five six seven eight nine ten several many more most
    other largest  main total joint final next last own whole fresh big large small long old main key
    """
)
PREPOSITIONS = _words(
    """
    of in on for with by from at under over into through after before during without against about as
    between among per towards toward despite via since until till within across along near worth on
    following including
    """
)
ADJECTIVE = re.compile(r".*(?:al|ic|ive|ous|ful|able|ible|ary|ese|ian|ish|ern|ean|less|ly|an|term)$")
PRONOUNS = _words(
    """
    it they we he she who which that you i both
    """
)
