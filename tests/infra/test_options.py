"""What a deployment can be set to, and what it says about what it cannot be."""

from typing import Any

import pytest

from infra.options import InvalidOptionError, Options


def test_an_empty_context_is_the_default() -> None:
    """The values of cdk.json, which are empty texts where there is none."""
    assert Options.from_context(lambda _: None) == Options()
    assert Options.from_context({"domain": "", "certificate": "", "waf": False}.get) == Options()


def test_the_command_line_gives_text() -> None:
    """`-c` knows no other type."""
    read = {"local": "true", "logRetentionDays": "7", "waf": "False", "architecture": "x86_64"}.get
    assert Options.from_context(read) == Options(local=True, log_retention_days=7, architecture="x86_64")


@pytest.mark.parametrize(
    ("context", "message"),
    [
        ({"name": "Hunch!"}, "name takes"),
        ({"architecture": "sparc"}, "arm64 or x86_64"),
        ({"logRetentionDays": 8}, "logRetentionDays takes one of 1, 7, 30"),
        ({"logRetentionDays": "soon"}, "logRetentionDays takes a number"),
        ({"waf": "maybe"}, "waf takes true or false"),
        ({"domain": "hunch.example"}, "domain and certificate"),
        ({"oidcIssuer": "https://issuer.example"}, "oidcIssuer and oidcAudience"),
        ({"oidcIssuer": "https://issuer.example", "oidcAudience": " "}, "oidcIssuer and oidcAudience"),
        ({"oidcIssuer": "http://issuer.example", "oidcAudience": "hunch"}, "https"),
    ],
)
def test_a_mistake_is_named(context: dict[str, Any], message: str) -> None:
    """With what to write instead."""
    with pytest.raises(InvalidOptionError, match=message):
        Options.from_context(context.get)
