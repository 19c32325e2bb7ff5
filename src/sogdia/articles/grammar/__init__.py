"""Grammar of claims: from a sentence to the type, parties, project, amount, date and status of its claims.

Each sentence is annotated (``annotations``: names, project mentions, quantities, dates, clauses). Rules then
detect frames (``frame_detection``, ``amounts``, ``event_frames``); open slots are filled from the
sentence or from the context (``slot_filling``, ``parties``, ``topics``, ``status``). The words that the
rules match are in ``lexicon``.
"""
