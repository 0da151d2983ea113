"""What a deployment can be set to, and what it says about what it cannot be."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from functions.config.settings import InvalidSettingError, Settings
from functions.registry import Profile
from infra.bundles import context_of
from infra.options import InvalidOptionError, Options

CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/00000000-0000-4000-8000-000000000000"


def test_an_empty_context_is_the_default() -> None:
    """The values of cdk.json, which are empty texts where there is none."""
    assert Options.from_context({}) == Options()
    assert Options.from_context({"domain": "", "certificate": "", "waf": False}) == Options()
    assert Options.from_context(context_of([])) == Options()


def test_the_command_line_gives_text() -> None:
    """`-c` knows no other type."""
    given = {"local": "true", "logRetentionDays": "7", "waf": "False", "architecture": "x86_64"}
    assert Options.from_context(given) == Options(local=True, log_retention_days=7, architecture="x86_64")


@pytest.mark.parametrize(
    ("context", "message"),
    [
        ({"name": "Hunch!"}, "name takes"),
        ({"architecture": "sparc"}, "arm64 or x86_64"),
        ({"privateRead": "true"}, "privateRead is no option; there are .*privateReads"),
        ({"logRetentionDays": 8}, "logRetentionDays takes one of 1, 7, 30.* not 8"),
        ({"logRetentionDays": "soon"}, "logRetentionDays takes a number"),
        ({"waf": "maybe"}, "waf takes true or false"),
        ({"startingGrant": "lots"}, "startingGrant takes an amount"),
        ({"domain": "hunch.example"}, "domain and certificate"),
        ({"domain": "https://hunch.example", "certificate": CERTIFICATE}, "domain takes a host's name"),
        ({"domain": "hunch.example", "certificate": CERTIFICATE.replace("us-east-1", "eu-west-1")}, "us-east-1"),
        ({"name": "my-aws"}, "sign-in page's address"),
        ({"oidcIssuer": "https://issuer.example"}, "oidcIssuer and oidcAudience"),
        ({"oidcIssuer": "https://issuer.example", "oidcAudience": " "}, "oidcIssuer and oidcAudience"),
        ({"oidcIssuer": "http://issuer.example", "oidcAudience": "hunch"}, "https"),
        ({"oidcIssuer": "https://", "oidcAudience": "hunch"}, "https"),
        ({"oidcAdminGroup": "staff"}, "oidcAdminGroup belongs to an oidcIssuer"),
        ({"resolveOpen": "anybody"}, "resolveOpen takes creator or admin, not 'anybody'"),
        ({"appealMinutes": "-5"}, "appealMinutes takes a number, not '-5'"),
        ({"appealMinutes": "1000000"}, "appealMinutes takes a number up to 999999, not 1000000"),
        ({"push": "sns"}, "push takes none or appsync, not 'sns'"),
        ({"push": "appsync", "local": "true"}, "push takes none beside local: no local endpoint has AppSync"),
        ({"requestsPerMinute": 0}, "requestsPerMinute takes a number from 1, not 0"),
        ({"requestsPerMinute": "1e9"}, "requestsPerMinute takes a number, not '1e9'"),
        ({"requestsPerMinute": 1_000_000}, "requestsPerMinute takes a number up to 999999"),
    ],
)
def test_a_mistake_is_named(context: dict[str, Any], message: str) -> None:
    """With what to write instead."""
    with pytest.raises(InvalidOptionError, match=message):
        Options.from_context(context)


def test_what_cdk_adds_is_no_option() -> None:
    """Its own entries of the context have signs in their names."""
    given = {"aws:cdk:enable-path-metadata": True, "@aws-cdk/core:target-partitions": ["aws"], "cdk-notices": 1}
    assert Options.from_context(given) == Options()


@pytest.mark.parametrize(
    "grant", ["1000", "0.5", "1000000000", "1000000000.1", "-1", "1e3", "0.1234567", "1,5", "٣", ""]
)
def test_a_grant_is_good_where_the_functions_think_so(grant: str) -> None:
    """What a deploy lets through, the functions start with; what it refuses, they would have refused."""
    assert _takes(InvalidOptionError, lambda: Options.from_context({"startingGrant": grant})) == _takes(
        InvalidSettingError, lambda: Settings.from_environment({"HUNCH_STARTING_GRANT": grant})
    )


@pytest.mark.parametrize(
    "issuer",
    ["https://issuer.example/tenant", "https://issuer.example:8443/", "issuer.example", "https://a b", "https://a?b"],
)
def test_an_issuer_is_good_where_the_functions_think_so(issuer: str) -> None:
    """As for a grant."""
    option = {"oidcIssuer": issuer, "oidcAudience": "hunch"}
    setting = {"HUNCH_OIDC_ISSUER": issuer, "HUNCH_OIDC_AUDIENCE": "hunch"}
    assert _takes(InvalidOptionError, lambda: Options.from_context(option)) == _takes(
        InvalidSettingError, lambda: Settings.from_environment(setting)
    )


def _takes(refusal: type[Exception], read: Callable[[], object]) -> bool:
    try:
        read()
    except refusal:
        return False
    return True


def test_bundles_are_built_for_what_is_deployed() -> None:
    """`make deploy` gives the builder what it gives CDK, whose other words are not for it."""
    words = [
        "--profile",
        "school",
        "-c",
        "architecture=x86_64",
        "--require-approval",
        "never",
        "--context",
        "name=class",
    ]
    assert Options.from_context(context_of(words)) == Options(name="class", architecture="x86_64")


def test_what_is_not_built_is_named(tmp_path: Path) -> None:
    """With the command that builds it: first the bundles, then the page, which a local endpoint gets afterwards."""
    options = Options(bundles=tmp_path, pages=tmp_path / "pages")
    with pytest.raises(InvalidOptionError, match="make bundles ARCHITECTURE=arm64"):
        options.find_built()
    for profile in Profile:
        options.bundle(profile).touch()
    with pytest.raises(InvalidOptionError, match="make web"):
        options.find_built()
    replace(options, local=True).find_built()
    options.pages.mkdir()
    (options.pages / "index.html").touch()
    options.find_built()
