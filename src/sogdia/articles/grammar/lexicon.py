"""Function words and set phrases of the grammar that no frame carries.

Verbs and nouns are rows of ``lemmas.csv``; names of parties, places and projects are rows of the region pack.
"""

from __future__ import annotations

import re


def word_pattern(pattern: str) -> re.Pattern[str]:
    """Compile alternatives to a pattern of complete words, regardless of case.

    Args:
        pattern: Regular expressions separated by white space; ``_`` matches a space or hyphen.
    """
    return re.compile(
        rf"(?<![\w-])(?:{'|'.join(pattern.split())})(?!\w)".replace("_", r"[\s-]+"), re.IGNORECASE
    )


INSTRUMENTS = (
    ("guarantee", word_pattern(r"(?:co-?)?guarantee\w* гаранти\w*")),
    ("grant", word_pattern(r"grants? donat\w+ грант\w*")),
    ("equity", word_pattern(r"equity share_capital shareholding stakes? shares?")),
    ("bond", word_pattern(r"eurobonds? bonds? sukuk")),
    (
        "loan",
        word_pattern(
            r"loans? loaned lend\w* lent credits? borrow\w* credit_lines? кредит\w* за[её]м\w* займ\w*"
        ),
    ),
)
TRADE_PARTNER = word_pattern(
    r"""(?:primary|largest|main|biggest|top|leading|key|chief|first|second-largest|number_one)_(?:\w+_)?trad(?:e|ing)_partners?
    (?:primary|largest|main|biggest|top|leading|key|chief)_(?:buyers?|supplier|export_market|customer)"""
)
UNCONFIRMED = word_pattern(
    r"""unconfirmed not_confirmed neither_\w+_has_(?:documented|confirmed)
    no_\w+_has_(?:documented|confirmed) not_been_confirmed has_documented have_documented yet_to_confirm
    not_documented nobody_has_confirmed unverified not_independently_verified neither_side_has_confirmed
    neither_\w+_confirmed no_official_confirmation"""
)
DENIED_REPORT = re.compile(
    r"(?P<ahead>\b(?:den(?:y|ies|ied)|reject(?:s|ed)?|dismiss(?:es|ed)?|refut(?:es|ed))\s(?:(?:the|earlier|media|press|"
    r"all|any|as\s\w+)\s)*(?:reports?|claims?|rumou?rs?|suggestions?|allegations?|that)\b|"
    r"\bnot true that\b|\bno truth in\b|"
    r"\bcontrary to (?:\w+\s)?(?:reports|claims|rumou?rs)\b|(?:^|[.;]\s|\s[–—-]\s)Had\s(?=[A-Z]|the\s))|"
    r"\b(?:reports?|claims?|rumou?rs?|news)\b[^.;]*?(?P<behind>\b(?:is|are|was|were|proved)\s"
    r"(?:false|untrue|wrong|fake|invented|unfounded|groundless)\b)",
    re.IGNORECASE,
)
"""Words that deny a report: what follows ``ahead`` or comes before ``behind`` is no fact."""
ALONE = re.compile(
    r"\b(?:on\sits\sown|by\sitself|on\stheir\sown|by\sthemselves|alone|single-handedly|"
    r"without\s(?:outside|foreign|"
    r"\w+(?:an|ese|ish)|its|any|the)\s\w+|instead|no\slonger)\b",
    re.IGNORECASE,
)
"""Words that end what an earlier sentence said of the partners."""
SUPERSEDED = word_pattern(
    r"""once_priced once_put once_estimated earlier_estimates? previously formerly originally earlier_put
    only_last_year had_been_put had_been_estimated initially superseded at_first was_put_at_first"""
)
TOPIC_BREAK = re.compile(
    r"^(?:in a separate|separately|elsewhere|meanwhile|to the (?:north|south|east|west)|"
    r"at home|in other news|also in|"
    r"in a different|in another|by contrast|consider\b|turning to|as for\b)",
    re.IGNORECASE,
)
BOUND_TAIL = re.compile(
    r"\b(?:just |well |slightly )?(?:nearly|near|about|some|around|roughly|approximately|almost|"
    r"over|above|more than|at least|"
    r"up to|as much as|less than|under|close to|an estimated|no less than|exceeding|a record)\s$",
    re.IGNORECASE,
)
PRONOUN = re.compile(
    r"^(?:\W*(?:and|but|yet|indeed|however|still|also|then|now|so)\W+)?(?:it|they|he|she|its|"
    r"their|his|her|the "
    r"(?:bank|lender|company|firm|fund|country|two|group|ministry|deal|money|line|credit|loan|bloc|union|"
    r"(?:first|second|third|latter|former|other|rest|remainder)(?=,|\s(?:is|was|will)\b)))\b",
    re.IGNORECASE,
)
ACTOR_NOUN = re.compile(
    r"^\s*(?:\w+[\s-]){0,3}?(?:compan(?:y|ies)|firms?|banks?|lenders?|investors?|contractors?|"
    r"builders?|developers?|"
    r"groups?|corporations?|consortium|conglomerates?|engineers|workers|welders|side|"
    r"government|state|money|capital|"
    r"funds?|partners?|giant|utility|manufacturers?|miners?)\b"
)


def is_denied(text: str, position: int) -> bool:
    """Return whether a sentence denies the report that holds a position.

    >>> is_denied("He denied that the bank lent $5m.", 25), is_denied("The bank lent $5m.", 9)
    (True, False)

    Args:
        text: The sentence.
        position: Position of a claim.
    """
    found = DENIED_REPORT.search(text)
    if found is None:
        return False
    return position >= found.start("ahead") if found["ahead"] else position < found.start("behind")
