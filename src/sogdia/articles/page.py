"""Extract the text of the article from a saved page, without menus, banners, advertisements and footers."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import Any

from sogdia.articles.layout import Metadata

_DROPPED = (
    "script", "style", "noscript", "template", "nav", "footer", "aside", "form", "button", "select", "iframe",
    "svg", "figure", "object", "embed", "video", "audio", "head", "menu", "dialog", "input", "textarea",
)  # fmt: skip
_NOISE = re.compile(
    r"(?:^|[\s_-])(?:ads?|advert\w*|adslot|banner|cookies?|consent|promo\w*|sponsor\w*|related|recommend\w*|share|sharing|"
    r"social|newsletter|subscri\w*|footer|sidebar|comments?|nav\w*|menu|breadcrumbs?|popup|modal|ticker|widget|"
    r"teaser|outbrain|taboola|paywall|most-read|read-next|readmore|tags?|copyright|skip-link)(?:$|[\s_-])",
    re.IGNORECASE,
)
_BLOCKS = frozenset({
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "blockquote", "td", "th", "dd", "dt", "pre", "div",
    "section", "article", "main", "header", "tr", "table", "ul", "ol", "br", "body", "center", "hr",
})  # fmt: skip
_MAX_ATTRIBUTES = 200
_LONG_TAG = re.compile(r"(?P<name><[A-Za-z][^\s<>/]*)(?P<attributes>[^<>]{4000,})")
_ATTRIBUTE = re.compile(r"(?P<name>[^\s=\"'/]+)(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"']+))?")
_MOST_LINK = 0.6
_SITE = re.compile(r"\s+[|–—-]\s+(?P<site>[^|–—]{2,40})$")
_PUBLISHED = re.compile(r'"datePublished"\s*:\s*"(\d{4}-\d{2}-\d{2})')
_DATE_KEYS = (
    "article:published_time",
    "date",
    "dc.date",
    "dc.date.issued",
    "pubdate",
    "datepublished",
    "og:published_time",
)
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


def extract_page(html: str) -> tuple[str, Metadata]:
    """Return the article's text, empty lines between its blocks, and the metadata of the page.

    Args:
        html: The page; broken markup is repaired as browsers do.
    """
    from lxml import etree
    from lxml.html import HTMLParser, document_fromstring

    markup = _LONG_TAG.sub(_shortened, re.sub(r"^\s*<\?xml[^>]*\?>", "", html))
    parser = HTMLParser(recover=True, remove_comments=True, remove_pis=True, no_network=True)
    try:
        tree = document_fromstring(markup or "<p></p>", parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return "", Metadata()
    metadata = _metadata(tree, html)
    _strip(tree)
    blocks = _blocks(_main(tree))
    heading = metadata.title
    if heading and heading not in blocks[:6]:
        blocks.insert(0, heading)
    return "\n\n".join(blocks), metadata


def _shortened(tag: re.Match[str]) -> str:
    """Return a tag with its first attributes only: the parser compares each with all others of the tag."""
    found: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(tag["attributes"]):
        if len(found) == _MAX_ATTRIBUTES:
            break
        found.setdefault(match["name"].lower(), match.group())
    return " ".join([tag["name"], *found.values()])


def _metadata(tree: Any, html: str) -> Metadata:
    meta: dict[str, str] = {}
    for node in tree.iter("meta"):
        key = (node.get("property") or node.get("name") or node.get("itemprop") or "").lower()
        if key and node.get("content"):
            meta.setdefault(key, " ".join(node.get("content").split()))
    window_title = _text(next(iter(tree.iter("title")), None))
    site = _SITE.search(window_title)
    heading = [_text(node) for node in tree.iter("h1")]
    title = (
        next((text for text in heading if len(text) > 8), "")
        or meta.get("og:title", "")
        or _SITE.sub("", window_title)
    )
    source = meta.get("og:site_name", "") or (site["site"].strip() if site else "")
    return Metadata(title, source, _date(tree, meta, html), meta.get("author", ""))


def _date(tree: Any, meta: dict[str, str], html: str) -> dt.date | None:
    dates = [meta[key] for key in _DATE_KEYS if key in meta]
    dates += _PUBLISHED.findall(html[:2_000_000])[:1]
    dates += [node.get("datetime") or "" for node in tree.iter("time")][:3]
    for text in dates:
        match = _DAY.search(text)
        if match:
            try:
                return dt.date(*map(int, match.groups()))
            except ValueError:
                continue
    return None


def _strip(tree: Any) -> None:
    from lxml import etree

    for node in list(tree.iter()):
        if not isinstance(node.tag, str):
            continue
        marked = f"{node.get('class') or ''} {node.get('id') or ''} {node.get('role') or ''}"
        noise = node.tag not in ("html", "body", "main", "article") and bool(_NOISE.search(marked))
        hidden = (
            "display:none" in (node.get("style") or "").replace(" ", "") or node.get("hidden") is not None
        )
        if (node.tag in _DROPPED or noise or hidden) and node.getparent() is not None:
            node.clear(keep_tail=True)
            node.tag = "span"
    etree.strip_elements(tree, etree.Comment, with_tail=False)


def _main(tree: Any) -> Any:
    """Return the element with the article: the one marked as such, or the one with most of the paragraphs."""
    for tag in ("article", "main"):
        marked = [node for node in tree.iter(tag) if len(_text(node)) > 200]
        if marked:
            return max(marked, key=lambda node: len(_text(node)))
    marked = tree.xpath("//*[@itemprop='articleBody']")
    if marked:
        return marked[0]
    weight: dict[Any, int] = {}
    for paragraph in tree.iter("p"):
        size = len(_text(paragraph))
        if size < 60:
            continue
        for step, node in enumerate(_ancestors(paragraph, 3)):
            weight[node] = weight.get(node, 0) + size // (step + 1)
    body = tree.find("body")
    root = tree if body is None else body
    if not weight:
        return root
    best = max(weight, key=lambda node: weight[node])
    return best if weight[best] * 2 > len(_text(root)) else root


def _ancestors(node: Any, count: int) -> Iterable[Any]:
    for _ in range(count):
        node = node.getparent()
        if node is None:
            return
        yield node


def _text(node: Any) -> str:
    return "" if node is None else " ".join("".join(node.itertext()).split())


def _blocks(root: Any) -> list[str]:
    """Return the text of an element, split at every block-level element; line breaks stay inside a block."""
    from lxml import etree

    blocks: list[str] = []
    parts: list[str] = []
    linked, continues = 0, False

    def flush(is_break: bool) -> None:
        nonlocal linked, continues
        text = " ".join("".join(parts).split())
        parts.clear()
        if text and (linked < _MOST_LINK * len(text) or len(text) > 200):
            if continues and blocks:
                blocks[-1] = f"{blocks[-1]}\n{text}"
            else:
                blocks.append(text)
            continues = is_break
        elif not is_break or not text:
            # Two line breaks in a row begin a paragraph.
            continues = False
        linked = 0

    depth = 0
    for event, node in etree.iterwalk(root, events=("start", "end")):
        if not isinstance(node.tag, str):
            continue
        if node.tag == "a":
            depth += 1 if event == "start" else -1
        if node.tag == "br":
            if event == "end":
                flush(is_break=True)
        elif node.tag in _BLOCKS:
            flush(is_break=False)
        if event == "start" and node.text:
            parts.append(node.text)
            linked += len(node.text) if depth else 0
        if event == "end" and node is not root and node.tail:
            parts.append(node.tail)
            linked += len(node.tail) if depth else 0
    flush(is_break=False)
    return blocks
