"""What nobody should send: texts that are almost JSON, and strings that have broken other people's software."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

_DATA = Path(__file__).parent / "data"
JSON_PARSING: Mapping[str, str] = json.loads((_DATA / "json_parsing.json").read_text())
"""JSONTestSuite's texts by its names for them."""

NOT_JSON = [
    *(b"[", b"]", b"{", b"}", b",", b":", b'"', b"'", b"-", b"+", b".", b"\\", b"#", b"/", b"//", b"/**/"),
    *(
        b"[1,]",
        b"[,1]",
        b"[1 2]",
        b"[1,,2]",
        b"[1",
        b"1]",
        b"[-]",
        b"[--1]",
        b"[+1]",
        b"[.1]",
        b"[1.]",
        b"[1e]",
        b"[1e+]",
    ),
    *(b"[0x1]", b"[01]", b"[-01]", b"[1_000]", b"[0b1]", b"[1e1e1]", b"[1.2.3]", b"[\xd9\xa1]", b"[Inf]", b"[nan]"),
    *(b"[NaN]", b"[Infinity]", b"[-Infinity]", b"[None]", b"[True]", b"[undefined]", b"nul", b"truth", b"[\xff]"),
    *(b'{"a"}', b'{"a":}', b'{"a" "b"}', b'{"a":1,}', b"{a:1}", b"{'a':1}", b"{1:1}", b'{"a":1 "b":2}', b'{"a":1}}'),
    *(b'["\\x"]', b'["\\u12"]', b'["\\uD800"]', b'["\\uD800\\u0041"]', b'["\\', b'["\t"]', b'["\x00"]', b'["\x1f"]'),
    *(b'{"a":1,"a":2}', b"\xef\xbb\xbf{}", b"\xfe\xff\x00{\x00}", b"{}\x00", b"\x00{}", b"\xa0{}", b"{} {}", b"{}//"),
    *(b'["\xed\xa0\x80"]', b'["\xc0\x80"]', b'["\xf4\x90\x80\x80"]', b'["\xe2\x82"]', b"[1]\xe2\x80\xa8", b"<a>1</a>"),
    *(b"[" * 20_000, b'[{"":' * 9_000, b'{"a":' * 200 + b"1" + b"}" * 200, b"[" * 65 + b"]" * 65, b'"' + b"\\" * 5001),
]
"""None of these is a JSON text that is taken."""

ODD_JSON = [
    *(b"[]", b"0", b"-0", b"1e9999", b"-1e-9999", b'""', b'"\\u0000"', b"null", b"true", b" {} ", b'{"":0}', b"[{}]"),
    *(
        b'{"__proto__":{}}',
        b'{"constructor":1}',
        b'{"$ref":"#"}',
        b"9" * 4301,
        b"0." + b"1" * 4000,
        b'{"a":{"b":[1,[2]]}}',
    ),
    *(b'{"\\ud83c\\udf27":1}', b'{"\xf0\x9f\x8c\xa7":1}', b'"\x7f"', b'"\xe2\x80\xa8"', b"[" * 63 + b"]" * 63),
]
"""These are JSON, and nothing that any operation takes."""

NAUGHTY = [
    *(
        "",
        " ",
        "\t",
        "\n",
        "\x00",
        "\x01",
        "\x7f",
        "\u0085",
        "\u00a0",
        "\u200b",
        "\u2028",
        "\ufeff",
        "\ufffe",
        "\U0010ffff",
    ),
    *(
        "null",
        "None",
        "nil",
        "undefined",
        "true",
        "NaN",
        "Infinity",
        "-0",
        "-1",
        "1e9",
        "0x10",
        "1,5",
        "1.0000001",
        "٣",
        "\uff11",
    ),
    *(
        "9" * 20,
        "0" * 400,
        "1" * 5000,
        "999999999999.999999",
        "1000000000000",
        ".5",
        "5.",
        "+5",
        " 5",
        "5 ",
        "5\n",
        "½",
        "∞",
    ),
    *(
        "' OR 1=1 --",
        '"; DROP TABLE accounts; --',
        "1; SELECT 1",
        "%",
        "_",
        "%00",
        "%n%s%x",
        "{0}",
        "{{7*7}}",
        "${7*7}",
    ),
    *(
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "javascript:alert(1)",
        "&lt;",
        "]]>",
        "<!--",
        "\\",
        "\\\\",
    ),
    *(
        "../../etc/passwd",
        "..%2f..",
        "file:///etc/passwd",
        "C:\\",
        "CON",
        "/dev/null",
        "~",
        "a/b",
        "a//b",
        "?a=b",
        "#a",
        ";",
    ),
    *(
        "$(touch x)",
        "`id`",
        "|id",
        "&& id",
        "() { :;}; id",
        "\r\nSet-Cookie: a=b",
        "a\r\nb",
        "\u202eabc",
        "e\u0301",
        "ﷺ" * 20,
    ),
    *(
        "Ω≈ç√",
        "田中さん",
        "הָיְתָה",
        "🌧️👩\u200d🚀",
        "Z̮̞̠͙͔ͅ",
        "İ",
        "ß",
        "ﬃ",
        "A" * 129,
        "a" * 65,
        "-a",
        "a-",
        "A",
        "house",
        "market:rain",
        ".",
    ),
    *json.loads((_DATA / "naughty_strings.json").read_text()),
]
"""Strings that mean something to somebody: our own, and the big list of them."""

RAW = {
    "nothing": b"\r\n\r\n",
    "no http": b"hello\r\n\r\n",
    "HTTP/0.9": b"GET /\r\n\r\n",
    "HTTP/9.9": b"GET /v1/health HTTP/9.9\r\nHost: 127.0.0.1\r\n\r\n",
    "no host": b"GET /v1/health HTTP/1.1\r\n\r\n",
    "two hosts": b"GET /v1/health HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.example\r\n\r\n",
    "foreign host": b"GET /v1/health HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    "host with a port that is none": b"GET /v1/health HTTP/1.1\r\nHost: 127.0.0.1:x:y\r\n\r\n",
    "NUL in a header": b"GET /v1/health HTTP/1.1\r\nHost: 127.0.0.1\r\nX: a\x00b\r\n\r\n",
    "folded header": b"GET /v1/health HTTP/1.1\r\nHost: 127.0.0.1\r\nX: a\r\n b\r\n\r\n",
    "header without a colon": b"GET /v1/health HTTP/1.1\r\nHost: 127.0.0.1\r\nnonsense\r\n\r\n",
    "header with blanks": b"GET /v1/health HTTP/1.1\r\nHost : 127.0.0.1\r\n\r\n",
    "bytes that are no text": b"GET /v1/markets/\xff\xfe HTTP/1.1\r\nHost: 127.0.0.1\r\nX: \xff\r\n\r\n",
    "escapes that are no text": b"GET /v1/markets/%ff%00%fe?tag=%ff HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    "broken escapes": b"GET /v1/markets/%zz%?limit=%&=&&a HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    "an absolute address": b"GET http://evil.example/v1/health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    "an enormous header": b"GET /v1/health HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + b"a" * 200_000 + b"\r\n\r\n",
    "an enormous address": b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    "many headers": b"GET /v1/health HTTP/1.1\r\nHost: 127.0.0.1\r\n" + b"X: a\r\n" * 5000 + b"\r\n",
    "a bare line feed": b"GET /v1/health HTTP/1.1\nHost: 127.0.0.1\n\n",
    "two credentials": b"GET /v1/portfolio HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: a\r\nAuthorization: b\r\n\r\n",
    "a strange credential": b"GET /v1/portfolio HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer \xff..\r\n\r\n",
}
"""Requests that no client library would send."""

_POST = b"POST /v1/dev/sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
BODIES = {
    "a negative length": _POST + b"Content-Length: -1\r\n\r\n{}",
    "a length that is no number": _POST + b"Content-Length: 0x2\r\n\r\n{}",
    "two lengths": _POST + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
    "a length and chunks": _POST + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "an unknown encoding": _POST + b"Transfer-Encoding: gzip\r\n\r\n{}",
    "a chunk of no size": _POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
    "a chunk of every size": _POST + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n{}\r\n",
    "an enormous length": _POST + b"Content-Length: 99999999999999999999\r\n\r\n{}",
    "a body that is compressed": _POST + b"Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\n\x1f\x8b\x08\x00",
    "a body that is too long": _POST + b"Content-Length: 70000\r\n\r\n" + b" " * 70_000,
    "chunks that are too long": _POST
    + b"Transfer-Encoding: chunked\r\n\r\n"
    + b"400\r\n" * 1
    + b" " * 1024
    + b"\r\n0\r\n\r\n",
}
"""Bodies that do not add up."""


def truncated() -> Iterator[bytes]:
    """A good request, cut off at every few bytes."""
    body = b'{"account":"mallory"}'
    whole = _POST + b"Content-Length: %d\r\n\r\n" % len(body) + body
    yield from (whole[:end] for end in range(1, len(whole), 7))
