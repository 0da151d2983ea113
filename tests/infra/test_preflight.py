"""What `make deploy` says before it begins: one line for each thing that is in the way, with what to do."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from botocore.exceptions import ClientError, NoCredentialsError

from infra.options import Options
from infra.preflight import Finding, Preflight

type Answers = Mapping[str, Any]

ACCOUNT = "123456789012"
LEDGER_STREAM = "arn:aws:dynamodb:eu-west-1:123456789012:table/ledger-restored/stream/2026-11-27T07:00:00.000"


def refusal(code: str) -> ClientError:
    """An answer of AWS that is an error."""
    return ClientError({"Error": {"Code": code, "Message": "No."}}, "Ask")


GOOD: Answers = {
    "get_caller_identity": {"Account": ACCOUNT},
    "get_parameter": {"Parameter": {"Value": "30"}},
    "get_account_settings": {"AccountLimit": {"ConcurrentExecutions": 1000}},
    "describe_stacks": refusal("ValidationError"),
    "get_function": refusal("ResourceNotFoundException"),
    "describe_user_pool_domain": {"DomainDescription": {}},
    "list_response_headers_policies": {"ResponseHeadersPolicyList": {"Quantity": 0}},
}
"""A new account in which nothing is in the way."""


class Aws:
    """Clients of every service, that answer what they are told to."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def ask(**_: object) -> Any:
            answer = self._answers[name]
            if isinstance(answer, Exception):
                raise answer
            return answer

        return ask


def findings(options: Options | None = None, **answers: Any) -> list[Finding]:
    """What is found where AWS answers so, and otherwise as it should."""
    aws = Aws({**GOOD, **answers})
    return list(Preflight(options or Options(), "eu-west-1", lambda _: aws).findings())


def test_nothing_in_the_way() -> None:
    """A new account, set up for CDK, with room: nothing to say."""
    assert findings() == []


@pytest.mark.parametrize("error", [NoCredentialsError(), refusal("ExpiredToken"), refusal("InvalidClientTokenId")])
def test_without_credentials_nothing_else_is_asked(error: Exception) -> None:
    """One problem and not five."""
    (finding,) = findings(get_caller_identity=error, get_parameter=refusal("ExpiredToken"))
    assert finding.is_fatal
    assert "aws configure" in finding.text


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ({"get_parameter": refusal("ParameterNotFound")}, "cdk bootstrap aws://123456789012/eu-west-1"),
        ({"get_parameter": {"Parameter": {"Value": "5"}}}, "cdk bootstrap aws://123456789012/eu-west-1"),
        ({"get_function": {}}, "choose another `name`"),
        ({"describe_user_pool_domain": {"DomainDescription": {"UserPoolId": "pool"}}}, "--domain hunch-123456789012"),
        (
            {
                "list_response_headers_policies": {
                    "ResponseHeadersPolicyList": {
                        "Items": [
                            {
                                "ResponseHeadersPolicy": {
                                    "Id": "policy",
                                    "ResponseHeadersPolicyConfig": {"Name": "hunch-eu-west-1"},
                                }
                            }
                        ]
                    }
                }
            },
            "delete-response-headers-policy --id policy",
        ),
        ({"describe_stacks": {"Stacks": [{"StackStatus": "ROLLBACK_COMPLETE"}]}}, "delete-stack --stack-name hunch"),
    ],
)
def test_a_problem_is_one_line_that_says_what_to_do(answers: Answers, says: str) -> None:
    """And the only one where there is no other."""
    (finding,) = findings(**answers)
    assert finding.is_fatal
    assert says in finding.text
    assert "\n" not in str(finding)
    assert str(finding).startswith("Problem: ")


def test_a_small_account_is_told_to_ask_for_more() -> None:
    """It can be deployed into: what finds no room is 503, and asked again."""
    (finding,) = findings(get_account_settings={"AccountLimit": {"ConcurrentExecutions": 10}})
    assert not finding.is_fatal
    assert "runs 10 functions at once" in finding.text
    assert "L-B99A9384" in finding.text
    assert str(finding).startswith("Note: ")


def test_the_second_deploy_is_told_to_protect() -> None:
    """Its own names are no problem; an instance that is protected has nothing to hear."""
    there = {"Stacks": [{"StackStatus": "UPDATE_COMPLETE"}]}
    (finding,) = findings(describe_stacks=there, get_function={})
    assert not finding.is_fatal
    assert "`protect`" in finding.text
    assert findings(Options(protect=True), describe_stacks=there, get_function={}) == []


ADOPTING = Options(core_table="core-restored", ledger_table="ledger-restored", ledger_stream=LEDGER_STREAM)


def test_tables_to_adopt_are_there() -> None:
    """With the stream that is named."""
    table = {"Table": {"LatestStreamArn": LEDGER_STREAM}}
    assert findings(ADOPTING, describe_table=table) == []
    missing = findings(ADOPTING, describe_table=refusal("ResourceNotFoundException"))
    assert [finding.text.partition(":")[0] for finding in missing] == ["coreTable", "ledgerTable"]
    (other,) = findings(ADOPTING, describe_table={"Table": {}})
    assert "ledgerStream: the stream of ledger-restored is off" in other.text
    assert all(finding.is_fatal for finding in (*missing, other))


def test_a_right_that_is_missing_is_no_free_name() -> None:
    """What cannot be asked is not taken for an answer."""
    with pytest.raises(ClientError):
        findings(get_function=refusal("AccessDeniedException"))
