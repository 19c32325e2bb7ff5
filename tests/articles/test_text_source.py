"""Any bytes give a message or a result, and no socket is opened."""

from __future__ import annotations

import gzip
import io
import socket
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sogdia.articles import Article, Claim, read_article, read_claims
from sogdia.articles.layout import MAX_SENTENCES
from sogdia.articles.text_source import MAX_BYTES, decode_source
from sogdia.errors import CannotRunError, InputError, SogdiaError
from sogdia.region import Region

from .conftest import OWN


def zipped() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("page.html", b"0" * 5_000_000)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (zipped(), "zip"),
        (gzip.compress(b"<html>" * 1000), "gzip"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\x89PNG\r\n", "picture"),
        (b"text \x00 then not", "binary"),
    ],
    ids=["zip", "gzip", "pdf", "picture", "binary"],
)
def test_binary_file_is_refused_with_its_kind(tmp_path: Path, data: bytes, word: str) -> None:
    file = tmp_path / "page.html"
    file.write_bytes(data)
    with pytest.raises(InputError, match=word):
        read_article(file)


ARCHIVE = """\
From: <Saved by Blink>
Snapshot-Content-Location: https://example.org/news
Subject: =?utf-8?Q?A_deal?=
MIME-Version: 1.0
Content-Type: multipart/related;
\ttype="text/html";
\tboundary="----x"

------x
Content-Type: image/png
Content-Transfer-Encoding: base64

iVBORw0KGgo=
------x
Content-Type: text/html; charset=windows-1251
Content-Transfer-Encoding: quoted-printable

<html><body><article><p>On 29 October 2025 China and Kyrgyzstan signed an agreement=
 to build the 250 MW =C0k solar plant for =24230 million.</p></article></body></html>
------x--
"""


def test_page_in_a_web_archive_is_read(tmp_path: Path, region: Region) -> None:
    file = tmp_path / "page.mhtml"
    file.write_bytes(ARCHIVE.replace("\n", "\r\n").encode())
    article = read_article(file)
    assert "agreement to build the 250 MW Аk solar plant for $230 million" in article.text
    assert "Content-Type" not in article.text
    (claim,) = read_claims(article, region)
    assert claim.amount is not None
    for cut in (ARCHIVE[:300], ARCHIVE.replace("windows-1251", "no-such"), "MIME-Version: 1.0\n\nWords."):
        file.write_text(cut, encoding="utf-8")
        read_article(file)


RUSSIAN = "Кредит Китая на 500 млн долларов выдан Казахстану. Строительство дороги начнётся летом."
FRENCH = "Le prêt de 500 millions d’euros a été signé à Paris, au siège de la société."


@pytest.mark.parametrize(
    ("text", "encoding"),
    [(RUSSIAN, name) for name in ("utf-8", "utf-8-sig", "utf-16", "cp1251", "koi8_r", "cp866", "iso8859_5")]
    + [(FRENCH, name) for name in ("utf-8", "cp1252")],
)
def test_encoding_is_recognised(text: str, encoding: str) -> None:
    assert decode_source(text.encode(encoding), "page").text == text


def test_declared_encoding_takes_precedence() -> None:
    page = '<html><meta charset="iso-8859-15"><p>500 €</p></html>'
    assert decode_source(page.encode("iso-8859-15"), "page").text == page


def test_character_cut_by_the_size_limit_is_dropped() -> None:
    data = b"a" * (MAX_BYTES - 1) + "é".encode()
    assert decode_source(data, "page").text == "a" * (MAX_BYTES - 1)


def test_folder_or_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CannotRunError, match="folder"):
        read_article(tmp_path)
    with pytest.raises(CannotRunError, match="no such file"):
        read_article(tmp_path / "none.txt")


ENTITIES = (
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c SYSTEM "nowhere.txt">]><html><body><p>&b;&c;</p></body></html>'
)


@pytest.mark.parametrize(
    "text",
    [
        "<html><body>" + "<table><tr><td>" * 20_000 + "ADB lent Kazakhstan $5 million.",
        "<div>" * 100_000 + "x",
        "<html><p>ADB lent Kazakhstan $5 million.<p><b><i><a href=" + "<p>" * 10_000,
        ENTITIES,
        "\u202eقال الرئيس إن الصين ستستثمر 3 مليارات دولار\u202c في كازاخستان.\n" * 100,
        "\n" * 100_000,
        "$1 " * 200_000 + "\n",
        "1,111" * 100_000 + "\n",
        "-a" * 300_000 + "\n",
        "(" * 50_000 + ")" * 50_000 + "\n",
        "<" * 300_000,
        "of the " * 100_000 + "\n",
    ],
    ids=[
        "tables",
        "divisions",
        "cut-off",
        "entities",
        "right-to-left",
        "lines",
        "sums",
        "thousands",
        "hyphens",
        "brackets",
        "angles",
        "words",
    ],
)
def test_hostile_page_gives_a_result(region: Region, text: str) -> None:
    article = read_article(text)
    claims = read_claims(article, region)
    assert len(claims) <= 1
    assert "aaaaaaaaaaaaaaaaaaaa" not in article.text


def test_text_beyond_the_limits_is_remarked() -> None:
    article = read_article("ADB spoke. " * 100_000 + "\n")
    assert any("paragraph" in remark for remark in article.remarks)
    article = read_article("ADB spoke.\n" * (MAX_SENTENCES + 10))
    assert len(article.sentences) == MAX_SENTENCES
    assert any("sentences" in remark for remark in article.remarks)


def test_file_beyond_the_size_limit_is_cut_with_a_remark(tmp_path: Path) -> None:
    file = tmp_path / "long.txt"
    file.write_bytes(b"a" * (MAX_BYTES + 5))
    assert any("longer than" in remark for remark in read_article(file).remarks)


def test_control_characters_do_not_hide_a_claim(region: Region) -> None:
    plain = "A headline of sorts\nADB lent Uzbekistan $233.1 million for roads.\n"
    dirty = plain.replace("lent", "le\u200bnt\u202e").replace("million", "mil\x07lion")
    assert len(read_claims(read_article(plain), region)) == len(read_claims(read_article(dirty), region)) == 1


def test_no_socket_is_opened(region: Region, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object, **_named: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    for file in (OWN / "a01_wire.txt", OWN / "a09_page.html"):
        assert read_claims(read_article(file), region)
    head = '<html><head><link rel="stylesheet" href="http://a.example/x.css"></head><body>'
    read_article(head + '<img src="http://a.example/y"><iframe src="http://a.example"></iframe><p>Text.</p>')


FRAGMENTS = (
    "Kazakhstan ", "China Eximbank ", "lent ", "$4 billion ", "for ", "the ", "CKU railway", ", ", ". ", "(",
    ")", "\n", "signed ", "in 2024 ", "500 MW ", "of which ", "<p>", "</div>", "visit ", "sanctions ", "and ",
    "- ", ": ", "Rogun ",
)  # fmt: skip
fragments = st.sampled_from(FRAGMENTS)


@settings(max_examples=150)
@given(st.one_of(st.text(max_size=400), st.lists(fragments, max_size=60).map("".join)))
def test_any_text_gives_consistent_claims(
    claims_in: Callable[[str], tuple[Article, tuple[Claim, ...]]], text: str
) -> None:
    article, claims = claims_in(text + "\n")
    for claim in claims:
        assert article.text[claim.start : claim.end] == claim.quote
        assert not set(claim.partners) & set(claim.recipients)
        assert claim.as_dict()["sentence"] == claim.sentence


@settings(max_examples=100)
@given(st.binary(max_size=500))
def test_any_bytes_give_a_result_or_a_message(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    file = tmp_path_factory.getbasetemp() / "bytes.html"
    file.write_bytes(data)
    try:
        article = read_article(file)
    except SogdiaError:
        return
    assert article.name == str(file)
