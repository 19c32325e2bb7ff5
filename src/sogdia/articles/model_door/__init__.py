"""Reading with a model of the user's own: any endpoint with the interface of OpenAI's chat completions.

The deterministic layer numbers the mentions of an article (``sogdia.articles.document``): parties, works,
amounts, figures and dates. The model may only join them: its answer is rows of ids, claim type, status and a
verbatim quote (``answer.py``). Every row with an id, word or quote that the text does not hold is
refused with a reason (``checks.py``). Answers are cached by text, prompt and model (``cache.py``), so that a
run repeats. It is never the default.
"""
