"""Answers of models, cached by text, prompt and model: the same article is read the same again.

One file per answer in the folder ``articles`` of the cache folder (``$SOGDIA_CACHE``, or that of the user).
The folder may be deleted at any time. A file that cannot be read counts as missing.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Mapping, Sequence
from pathlib import Path

from sogdia.errors import CannotRunError
from sogdia.files import read_bytes, write_file
from sogdia.region.stamp import cache_folder

LOG = logging.getLogger(__name__)
_FOLDER = "articles"
_LARGEST = 8 * 2**20


def cache_key(model: str, messages: Sequence[Mapping[str, str]]) -> str:
    """Return the name of an answer: a digest of the model and of all that it is asked.

    Args:
        model: Name of the model.
        messages: The messages, which hold prompt and text.
    """
    return hashlib.sha256(json.dumps([model, *messages], sort_keys=True).encode()).hexdigest()


def cached_answer(key: str) -> str | None:
    """Return the cached answer of a key; ``None`` if there is none that can be read.

    Args:
        key: From :func:`cache_key`.
    """
    try:
        found = json.loads(read_bytes(_file(key), _LARGEST))
    except (CannotRunError, ValueError, RecursionError):
        return None
    answer = found.get("answer") if isinstance(found, dict) and found.get("key") == key else None
    return answer if isinstance(answer, str) else None


def store_answer(key: str, model: str, answer: str) -> None:
    """Cache an answer; without a cache folder that can be written, the next run asks again.

    Args:
        key: From :func:`cache_key`.
        model: Name of the model, for people who look into the file.
        answer: Its answer.
    """
    try:
        file = _file(key)
        file.parent.mkdir(parents=True, exist_ok=True)
        write_file(file, json.dumps({"key": key, "model": model, "answer": answer}, indent=1))
    except (CannotRunError, OSError) as error:
        LOG.warning("the answer of the model is not cached: %s", error)


def _file(key: str) -> Path:
    return cache_folder() / _FOLDER / f"{key}.json"
