"""Two budgets, so that a mistake that costs money is heard of within a day."""

from aws_cdk import Aws, aws_budgets, aws_iam, aws_sns
from constructs import Construct

from infra.options import Options

DAYS = 10
"""A day's budget is a month's divided by that: one busy day is none too many, two in a row are looked at."""
_HALF, _ALL = 50, 100


class Budgets(Construct):
    """A month's and a day's, of the whole account: to tell stacks apart, their tags would have to be switched on first.

    Args:
        options: of this deployment.
        topic: who is told.
    """

    def __init__(self, scope: Construct, id_: str, *, options: Options, topic: aws_sns.Topic) -> None:
        super().__init__(scope, id_)
        self._options = options
        self._topic = topic
        topic.add_to_resource_policy(
            aws_iam.PolicyStatement(
                actions=["sns:Publish"],
                principals=[aws_iam.ServicePrincipal("budgets.amazonaws.com")],
                resources=[topic.topic_arn],
                conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}},
            )
        )
        self._budget("monthly", options.monthly_budget, ("ACTUAL", _HALF), ("ACTUAL", _ALL), ("FORECASTED", _ALL))
        self._budget("daily", options.monthly_budget / DAYS, ("ACTUAL", _ALL))

    def _budget(self, time_unit: str, dollars: float, *thresholds: tuple[str, int]) -> None:
        kinds = aws_budgets.CfnBudget
        made = kinds(
            self,
            time_unit,
            budget=kinds.BudgetDataProperty(
                # Budgets are the account's in all regions.
                budget_name=f"{self._options.name}-{Aws.REGION}-{time_unit}",
                budget_type="COST",
                time_unit=time_unit.upper(),
                budget_limit=kinds.SpendProperty(amount=dollars, unit="USD"),
            ),
            notifications_with_subscribers=[
                kinds.NotificationWithSubscribersProperty(
                    notification=kinds.NotificationProperty(
                        comparison_operator="GREATER_THAN", notification_type=kind, threshold=percent
                    ),
                    subscribers=[kinds.SubscriberProperty(subscription_type="SNS", address=self._topic.topic_arn)],
                )
                for kind, percent in thresholds
            ],
        )
        # Budgets refuses a topic that it may not publish to.
        made.node.add_dependency(self._topic)
