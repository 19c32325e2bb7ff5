"""Grammar of claims: from a sentence to the type, parties, project, amount, date and status of its claims.

The first pass annotates each sentence (``annotations``: names, project mentions, quantities, dates,
clauses) and finds its predicates (``predicates``), words of the tables ``frames.csv`` and ``lemmas.csv``
with their tense, modality and voice. Frames are made of amounts (``amounts``), sizes (``frame_detection``)
and acts (``acts``, ``events``); ``roles`` and ``parties`` give them partners and recipients, ``status``
their stage. The second pass (``references``) completes them from the sentences before.
"""
