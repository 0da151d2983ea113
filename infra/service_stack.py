"""The whole service in one stack."""

from collections.abc import Mapping

import aws_cdk as cdk
from constructs import Construct

from infra.constructs.api import Api
from infra.constructs.budgets import Budgets
from infra.constructs.data import Data
from infra.constructs.events import Queues, Triggers
from infra.constructs.functions import Functions
from infra.constructs.identity import Identity, identity_of, sign_in_origins
from infra.constructs.monitoring import Monitoring
from infra.constructs.push import Push, push_origins
from infra.constructs.site import Site
from infra.options import Options


class ServiceStack(cdk.Stack):
    """Tables, queues, functions, the API, the pages, and what watches them.

    Args:
        options: of this deployment.
    """

    def __init__(self, scope: Construct, options: Options) -> None:
        super().__init__(scope, options.name, stack_name=options.name, description="Hunch, a prediction market")
        data = Data(self, "data", options=options)
        queues = Queues(self, "queues")
        api = Api(self, "api", options=options)
        site = Site(self, "site", options=options, api_host=api.host, origins=_origins(options))
        functions = Functions(
            self,
            "functions",
            options=options,
            data=data,
            queues=queues.queues,
            variables=_settings(options, site.public_url),
        )
        identity = identity_of(self, options, functions, site.public_url)
        functions.tell(_identity_settings(options, identity))
        push = Push(self, "push", options=options, identity=identity) if options.pushes else None
        if push is not None:
            push.let_publish(functions)
        site.publish(identity, push.config if push is not None else None)
        api.deploy(functions, site.public_url)
        Triggers(self, "triggers", functions=functions, queues=queues, data=data)
        monitoring = Monitoring(
            self, "monitoring", options=options, api=api, functions=functions, queues=queues, data=data
        )
        if options.monthly_budget and not options.local:
            Budgets(self, "budgets", options=options, topic=monitoring.topic)
        cdk.CfnOutput(self, "AlarmTopic", value=monitoring.topic.topic_arn, description="Subscribe to it to be told")
        cdk.CfnOutput(self, "PublicUrl", value=site.public_url, description="Where people reach it")
        if options.domain is not None and site.host is not None:
            cdk.CfnOutput(self, "DomainTarget", value=site.host, description="What the domain is to be a CNAME of")
        cdk.CfnOutput(self, "ApiUrl", value=api.rest_api.url, description="The API behind it")
        cdk.CfnOutput(self, "Issuer", value=identity.issuer, description="Who signs people in")
        cdk.CfnOutput(self, "Audience", value=identity.audience, description="What the issuer calls it")
        cdk.CfnOutput(self, "LedgerTable", value=data.ledger.table_name, description="What has happened")
        cdk.CfnOutput(self, "PagesBucket", value=site.bucket.bucket_name, description="Where its pages are")


def _origins(options: Options) -> tuple[str, ...]:
    """What the pages may talk to beside their own origin."""
    return sign_in_origins(options) + (push_origins() if options.pushes else ())


def _settings(options: Options, public_url: str) -> Mapping[str, str]:
    """What every function is told."""
    return _given(
        POWERTOOLS_METRICS_NAMESPACE=options.namespace,
        HUNCH_PUBLIC_URL=public_url,
        HUNCH_STARTING_GRANT=options.starting_grant,
        HUNCH_CREATORS_ONLY=str(options.creators_only).lower(),
        HUNCH_PRIVATE=str(options.private_reads).lower(),
        HUNCH_RESOLVE_OPEN=options.resolve_open,
        HUNCH_APPEAL_MINUTES=str(options.appeal_minutes),
        HUNCH_MANIFOLD=str(options.manifold).lower(),
        HUNCH_METACULUS=str(options.metaculus).lower(),
    )


def _identity_settings(options: Options, identity: Identity) -> Mapping[str, str]:
    """What those are told who have to know the issuer."""
    return _given(
        HUNCH_OIDC_ISSUER=identity.issuer,
        HUNCH_OIDC_AUDIENCE=identity.audience,
        HUNCH_OIDC_ROLES_CLAIM=options.oidc_roles_claim,
        HUNCH_OIDC_ADMIN_GROUP=options.oidc_admin_group,
        HUNCH_OIDC_CREATOR_GROUP=options.oidc_creator_group,
    )


def _given(**variables: str | None) -> Mapping[str, str]:
    """The variables that have a value; for the others the functions have one."""
    return {name: value for name, value in variables.items() if value is not None}
