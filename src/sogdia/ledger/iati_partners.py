"""Find the partner of an IATI activity: the party that pays."""

from __future__ import annotations

import re
from typing import Any

from sogdia.ledger.iati_codes import EXTENDING, FUNDING, alpha2
from sogdia.ledger.name_similarity import name_words
from sogdia.region import Region

LENDER = "lender"
"""Kind of the names of lenders in the table ``names``."""


class SeveralPartnersError(Exception):
    """An activity has several partners of one role; its text lists their codes."""


class PartnerNames:
    """Names of the parties and of their lenders.

    Args:
        region: The region with the parties and names.
    """

    def __init__(self, region: Region) -> None:
        parties, names = region.table("parties"), region.table("names")
        lenders = names[names["kind"] == LENDER]
        texts = [
            *zip(parties["name"], parties["code"], strict=True),
            *((name, codes) for name, codes in zip(lenders["name"], lenders["parties"], strict=True)),
        ]
        self._names: list[tuple[frozenset[str], str]] = [
            (frozenset(name_words(text)), code) for text, code in texts if code and ";" not in code
        ]
        self._by_word: dict[str, list[int]] = {}
        for place, (words, _) in enumerate(self._names):
            if words:
                self._by_word.setdefault(min(words), []).append(place)
        self._by_alpha2: dict[str, str] = {alpha2(code): code for code in parties["code"] if alpha2(code)}
        self._found: dict[tuple[str, str], str] = {}

    def payer(self, element: Any) -> str:
        """Return the funding organisation, else the extending, else the reporting one, as a party.

        Args:
            element: The activity.

        Returns:
            Code of the party; empty if none is known.

        Raises:
            SeveralPartnersError: If organisations of one role are several parties.
        """
        by_role: dict[str, list[Any]] = {}
        for item in element.findall("participating-org"):
            by_role.setdefault(item.get("role", ""), []).append(item)
        reporting = [element.find("reporting-org")]
        for candidates in (by_role.get(FUNDING, []), by_role.get(EXTENDING, []), reporting):
            codes = {code for code in map(self._party, candidates) if code}
            if len(codes) > 1:
                raise SeveralPartnersError(", ".join(sorted(codes)))
            if codes:
                return codes.pop()
        return ""

    def _party(self, organisation: Any) -> str:
        key = " ".join(organisation.itertext()), organisation.get("ref", "") or ""
        if key not in self._found:
            self._found[key] = self._party_of(*key)
        return self._found[key]

    def _party_of(self, text: str, reference: str) -> str:
        """Return the party of an organisation: by its name, else by the country of its identifier."""
        name = frozenset(name_words(text))
        places = [place for word in name for place in self._by_word.get(word, ())]
        contained = [
            (len(words), code) for words, code in (self._names[place] for place in places) if words <= name
        ]
        if contained:
            return max(contained)[1]
        prefix = re.match(r"([A-Z]{2})-", reference)
        return self._by_alpha2.get(prefix.group(1), "") if prefix else ""
