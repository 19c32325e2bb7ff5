"""Roles in claims of the language ru: the outside parties and the recipients of a frame."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sogdia.articles.gazetteer import Gazetteer, Mention
from sogdia.articles.grammar.frames import Frame
from sogdia.articles.languages.ru.parties import senders, shared_out
from sogdia.articles.languages.ru.references import Context
from sogdia.articles.languages.ru.sentence import ReadSentence
from sogdia.articles.world import lending_states

_ITS = re.compile(r"^(?:\w+\s)?(?:её|ее|его|их)\s", re.IGNORECASE)
_ACTS_AGAIN = re.compile(
    r"^(?:(?:по словам|по данным)[^,]*,\s)?[^,]{0,40}?\b(?:он|она|они|компания|"
    r"корпорация|инвестор|подрядчик|хозяева|гости|фирма|холдинг)\b",
    re.IGNORECASE,
)
"""The party of the sentence before as the subject."""
_MUTUAL = re.compile(
    r"(?:двумя|двух|обеих|обеими) (?:стран|государств|сторон)|взаимн|двусторонн", re.IGNORECASE
)
_SHARED = ("finance", "debt", "trade", "remittances", "aggregate_investment")
"""Types of which each amount of a list has a party of its own."""


def partners_of(
    frame: Frame, outside: Sequence[Mention], one: ReadSentence, context: Context
) -> tuple[str, ...]:
    """Return the outside parties of a frame: of its clause, else its sentence, else the context."""
    text = one.annotated.text
    low, high = one.annotated.clause_span(frame.position)
    if frame.is_own_money:
        return ()
    if frame.money is not None and frame.claim_type in _SHARED:
        parties = outside if frame.claim_type != "remittances" else senders(one.annotated.mentions, text)
        amounts = [item for item in one.annotated.quantities if item.kind == "money"]
        shared = shared_out(amounts, parties, text)
        if shared:
            return shared[frame.position]
    inside = [item for item in outside if low <= item.start < high]
    if frame.claim_type == "project" and frame.is_project_carried and context.partners and not inside:
        return context.partners
    chosen = inside or [item for item in outside if item.start < low] or list(outside)
    if frame.claim_type == "trade" and not chosen and _MUTUAL.search(text):
        return context.outside
    if frame.claim_type == "debt":
        return tuple(dict.fromkeys(code for item in inside for code in item.parties))
    if frame.claim_type == "remittances":
        chosen = [item for item in chosen if item in senders(chosen, text)] or chosen
    if frame.claim_type == "finance":
        lenders = [item for item in chosen if item.kind == "lender"]
        chosen = (lenders or chosen)[:1] if len(lenders) < 2 else lenders
    elif frame.claim_type in ("policy_threat", "aggregate_investment"):
        chosen = chosen[:1]
    found = tuple(dict.fromkeys(code for item in chosen for code in item.parties))
    if found:
        return found
    if frame.claim_type in ("finance", "finance_terms", "agreement"):
        return context.lenders or context.partners if frame.is_project_carried else ()
    if frame.claim_type in ("project", "deal", "aggregate_investment") and _ACTS_AGAIN.search(text):
        return context.outside
    if frame.claim_type == "project" and not frame.is_project_carried and _ITS.search(text):
        return context.outside
    return context.partners if frame.is_project_carried and frame.claim_type in ("project", "deal") else ()


def recipients_of(
    frame: Frame, usual: Sequence[Mention], one: ReadSentence, context: Context, home: set[str]
) -> tuple[str, ...]:
    """Return the home parties of a frame: of its work, its clause, its sentence, or earlier ones."""
    clause, text = one.annotated.clause_span(frame.position), one.annotated.text
    work = frame.project
    known = tuple(code for code in work.parties if code in home) if work else ()
    named = [item for item in usual if set(item.parties) & home]
    together = tuple(dict.fromkeys(code for item in named for code in item.parties if code in home))
    if known and work and work.row and set(known) < set(together) and frame.claim_type == "project":
        return together
    if known and work and (work.row or not frame.is_project_carried):
        return known
    if frame.claim_type == "remittances":
        named = [item for item in named if item not in senders(named, text)]
    inside = [item for item in named if clause[0] <= item.start < clause[1]]
    own = tuple(dict.fromkeys(code for item in inside or named for code in item.parties if code in home))
    if own:
        return own
    if frame.is_project_carried:
        return context.places.get(work.label if work else "", ()) or context.recipients or context.default
    return known or (context.recipients if frame.claim_type != "debt" else ()) or context.default


def between_home_parties(
    frame: Frame, usual: Sequence[Mention], text: str, home: set[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return partner and recipients of a flow between two home parties; empty for any other claim.

    Args:
        frame: The frame, with its parties.
        usual: Names of its sentence that may be parties.
        text: The sentence.
        home: Home parties.
    """
    named = [item for item in usual if len(item.parties) == 1 and item.parties[0] in home]
    codes = tuple(dict.fromkeys(item.parties[0] for item in named))
    if frame.partners or frame.claim_type not in ("trade", "gas_supply", "remittances") or len(codes) != 2:
        return (), ()
    givers = [item.parties[0] for item in senders(named, text)]
    partner = givers[0] if givers else codes[1]
    return (partner,), tuple(code for code in codes if code != partner)


def is_elsewhere(frame: Frame, usual: Sequence[Mention], home: set[str]) -> bool:
    """Return whether a sentence names no home party, but two parties outside, for a work of its own."""
    others = {code for item in usual for code in item.parties if code not in home}
    is_at_home = any(set(item.parties) & home for item in usual)
    own_work = frame.project is not None and not frame.is_project_carried and not frame.project.row
    return own_work and not is_at_home and len(others) > 1 and not (frame.project and frame.project.parties)


def turn_to_borrower(frame: Frame, outside: Sequence[Mention], gazetteer: Gazetteer) -> None:
    """Take a named state that does not lend as the recipient of a work outside of the region."""
    lenders = {gazetteer.parent_party(code) for code in lending_states()} | gazetteer.institutions
    states = [item for item in outside if item.kind == "country" and not set(item.parties) & lenders]
    codes = tuple(dict.fromkeys(code for item in states for code in item.parties))
    if codes and frame.claim_type in ("project", "finance", "deal", "debt"):
        frame.recipients = codes
        frame.partners = tuple(
            dict.fromkeys(code for item in outside for code in item.parties if code not in codes)
        )
