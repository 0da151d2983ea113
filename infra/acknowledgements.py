"""The rules of cdk-nag that the stack does not follow, and why not."""

from typing import NamedTuple

import aws_cdk as cdk


class Acknowledgement(NamedTuple):
    """A rule that something does not follow.

    Args:
        place: the beginning of the name of what it is about, with all its parts.
        rule: of AwsSolutions.
        reason: why not.
    """

    place: str
    rule: str
    reason: str


_UPLOADER = "Custom::CDKBucketDeployment"
_UPLOADER_RULES = (
    "L1",
    "IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]",
    "IAM5[Action::s3:Abort*]",
    "IAM5[Action::s3:DeleteObject*]",
    "IAM5[Action::s3:GetBucket*]",
    "IAM5[Action::s3:GetObject*]",
    "IAM5[Action::s3:List*]",
    "IAM5[Resource::*]",
    "IAM5[Resource::<sitepages880D937C.Arn>/*]",
    "IAM5[Resource::arn:<AWS::Partition>:s3:::cdk-hnb659fds-assets-<AWS::AccountId>-<AWS::Region>/*]",
)

ACKNOWLEDGEMENTS = (
    Acknowledgement("api", "APIG2", "The functions check requests, with the messages of the contract."),
    Acknowledgement("api", "APIG3", "A firewall costs more than all else together; the option waf adds one."),
    Acknowledgement(
        "api", "APIG4", "Markets are read without a credential; the fallback only says that nothing is there."
    ),
    Acknowledgement("api", "APIG6", "Execution logs would hold bodies and credentials; access logs are on."),
    Acknowledgement("api", "COG4", "The authorizer takes tokens of any OIDC issuer, bot keys and invitations."),
    Acknowledgement(
        "api",
        "IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]",
        "It is the policy that API Gateway asks for to write access logs.",
    ),
    Acknowledgement("data", "DDB3", "Of the table of callers: what is in it is worth nothing a minute later."),
    Acknowledgement("functions", "L1", "Bundles are built, locked and tested for Python 3.13."),
    Acknowledgement("functions", "IAM5[Resource::*]", "dynamodb:ListStreams takes no resource; it only lists names."),
    Acknowledgement("identity", "COG2", "Play money: a second factor is offered, and not required."),
    Acknowledgement(
        "identity", "COG8", "The plus tier costs two cents for each user and month; the pool works without."
    ),
    Acknowledgement("queues", "SQS3", "These queues are where dead letters go; each has an alarm."),
    Acknowledgement("site", "S1", "The bucket holds the public pages only; nobody but CloudFront reads it."),
    Acknowledgement("site", "CFR1", "Anybody may read markets, wherever they are."),
    Acknowledgement("site", "CFR2", "As for the API: the option waf puts a firewall before the API."),
    Acknowledgement("site", "CFR3", "The API's access logs say which account asked for what; the pages are public."),
    *(Acknowledgement(_UPLOADER, rule, "CDK's own function uploads the pages.") for rule in _UPLOADER_RULES),
    Acknowledgement(
        "site", "CFR4", "Without a domain of one's own CloudFront's certificate decides; with one it is TLS 1.2."
    ),
)


def acknowledge(stack: cdk.Stack) -> None:
    """Record every acknowledgement on what it is about."""
    for place, rule, reason in ACKNOWLEDGEMENTS:
        acknowledgment = cdk.Acknowledgment(id=f"AwsSolutions::AwsSolutions-{rule}", reason=reason)
        for child in stack.node.children:
            if child.node.id.startswith(place):
                cdk.Validations.of(child).acknowledge(acknowledgment)
