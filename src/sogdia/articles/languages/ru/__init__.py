"""Reading of the language ru: words and rules as tables, and a small engine that reads them.

Words are in ``verbs.csv``, ``nouns.csv``, ``works.csv``, ``sectors.csv`` and ``names.csv``, rules in
``frames.csv`` and ``statuses.csv``.
"""
