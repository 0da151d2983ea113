"""Log groups, all kept for as long as the deployment says."""

from aws_cdk import RemovalPolicy, aws_logs
from constructs import Construct

from infra.options import Options

_DAYS = aws_logs.RetentionDays
_RETENTION = {
    1: _DAYS.ONE_DAY,
    7: _DAYS.ONE_WEEK,
    30: _DAYS.ONE_MONTH,
    90: _DAYS.THREE_MONTHS,
    365: _DAYS.ONE_YEAR,
    3653: _DAYS.TEN_YEARS,
}


def log_group(scope: Construct, id_: str, options: Options) -> aws_logs.LogGroup:
    """A log group that goes with its stack.

    Args:
        scope: what it is part of.
        id_: its name there.
        options: of this deployment.
    """
    retention = _RETENTION[options.log_retention_days]
    return aws_logs.LogGroup(scope, id_, retention=retention, removal_policy=RemovalPolicy.DESTROY)
