"""Words that have broken readers, and words of the formats that readers know."""

from __future__ import annotations

_HOSTILE = r"""
-1 0 -0.0 1e308 -1e308 1e-308 1e999 nan inf -inf 1,5 1_000 0x1F 1e . - +5 99999999999999999999 2147483648
4294967297 18446744073709551616 1.0 1.5 true null ~ None é १२ Ａ а ß İ 😀 " ' ` < > & &amp; &#0; &#xD800; =1+1
../../etc/passwd /dev/null %s {0} {} [] [ ] { } : ; , # | * any all 2023-02-30 9999-12-31 0001-01-01
10000-01-01 1900-02-29 2024-02-29T25:00:00Z \ \x __class__ NaN Infinity 1e5 00 007 1/3 50% -5%
"""
HOSTILE: tuple[bytes, ...] = (
    *(word.encode() for word in _HOSTILE.split()),
    b"", b" ", b"1 000", b"$5 billion", b"a\nb", b"a\rb", b"\0", b"\x1b[31m", b"\t", b"\x0c", b"\x85",
    b"9" * 400, b"9" * 5000, b"x" * 20_000, b"\xff", b"\xed\xa0\x80",
    "\u200b".encode(), "\u202e".encode(), "\ufeff".encode(), "\u2028".encode(),
)  # fmt: skip
_FORMATS = {
    "yaml": """
        kind closure withdrawal sanction tariff rates factor borders links corridors modes partner channels
        trade energy project opening_year finance share_pct new adds extends [as_is] committed
        &a *a !!python/object <<: {a: [b]} 2030 any title: - no on 2030-01-01 """,
    "tntp": "<NUMBER OF ZONES> <END OF METADATA> <FIRST THRU NODE> <TOTAL OD FLOW> ~ Origin ; : 1e9",
    "gmns": "directed true false geometry length capacity lanes toll vdf_fftt zone_id bike c,auto",
    "trade": "* all exporter importer sector factor value inf none A,B,food,1 share owner most",
    "xml": """
        <iati-activity> </iati-activity> percentage="50" <value> currency="XAU" <!-- --> <![CDATA[ ]]>
        <!DOCTYPE [<!ENTITY SYSTEM "file:/etc/passwd">]> &b; xmlns="x" <recipient-region/> 1A xml:lang
        transaction-type budget related-activity iso-date code vocabulary """,
    "text": """
        млн $ billion trillion per cent MW km February 2099 signed will agreed China–Kazakhstan ₸ №5 II XIX
        €1,234,567.89 2024/25 Q3 million-dollar Şymkent -.5 1.2.3 12/13/2024 -- … ( ) " said. Mr. U.S. """,
    "html": """
        <p> </p> <table> <td> <script> </script> <!-- --> <br> &nbsp; &#x1F600; <title> <article> <base> <svg>
        <template> <noscript> style="display:none" charset=utf-7 <h1> <li> <pre> <textarea> <style> ]]> """,
}
FORMATS: dict[str, tuple[bytes, ...]] = {
    name: tuple(word.encode() for word in text.split()) for name, text in _FORMATS.items()
}
"""Words of each format."""
