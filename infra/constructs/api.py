"""The HTTP API: a route for each function of the registry, and the fallback for everything else."""

import json
from collections.abc import Mapping

from aws_cdk import Aws, Duration, RemovalPolicy, Stack, aws_apigateway, aws_wafv2
from constructs import Construct

from functions.registry import FUNCTIONS, Access, Authorizer, Fallback, Http
from infra.constructs.functions import Functions
from infra.constructs.logs import log_group
from infra.constructs.problems import add_gateway_problems
from infra.options import Options

STAGE = "prod"
REQUESTS_PER_SECOND = 500
BURST = 1000
"""Of all callers together: what a mistake in somebody's loop can cost is bounded."""
REQUESTS_PER_ADDRESS = 2000
"""Of one address in five minutes, where there is a firewall."""


class Api(Construct):
    """The REST API, all of whose answers, its own refusals too, are the functions' in form.

    It is made before the functions, whose environment names the public address that depends on it; :meth:`route`
    then leads to them.

    Args:
        options: of this deployment.
    """

    def __init__(self, scope: Construct, id_: str, *, options: Options) -> None:
        super().__init__(scope, id_)
        self._options = options
        logs = log_group(self, "access-logs", options)
        self.rest_api = aws_apigateway.RestApi(
            self,
            "rest-api",
            rest_api_name=options.name,
            description="Hunch, a prediction market",
            endpoint_types=[aws_apigateway.EndpointType.REGIONAL],
            binary_media_types=["*/*"],
            cloud_watch_role=True,
            cloud_watch_role_removal_policy=RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
            deploy_options=aws_apigateway.StageOptions(
                stage_name=STAGE,
                throttling_rate_limit=REQUESTS_PER_SECOND,
                throttling_burst_limit=BURST,
                access_log_destination=aws_apigateway.LogGroupLogDestination(logs),
                access_log_format=_access_log_format(),
            ),
        )

    @property
    def host(self) -> str:
        """Its host name. It names the API alone: an address with the stage would wait for every function."""
        stack = Stack.of(self)
        return f"{self.rest_api.rest_api_id}.execute-api.{stack.region}.{stack.url_suffix}"

    def route(self, functions: Functions, public_url: str) -> None:
        """Lead every request to its function.

        Args:
            functions: all of them.
            public_url: where people reach the API.
        """
        add_gateway_problems(self.rest_api, public_url)
        authorizers = self._authorizers(functions)
        fallback = next(
            _integration(functions, function.name) for function in FUNCTIONS if isinstance(function.trigger, Fallback)
        )
        known: dict[str, aws_apigateway.Resource] = {}
        for function in FUNCTIONS:
            if not isinstance(trigger := function.trigger, Http):
                continue
            resource = known.setdefault(trigger.path, self.rest_api.root.resource_for_path(trigger.path))
            integration = _integration(functions, function.name)
            authorizer = authorizers.get(self._access(trigger))
            for method in (trigger.method, "HEAD") if trigger.method == "GET" else (trigger.method,):
                resource.add_method(method, integration, authorizer=authorizer)
        greedy = self.rest_api.root.add_resource("{proxy+}")
        for place in (self.rest_api.root, greedy, *known.values()):
            place.add_method("ANY", fallback)
        if self._options.waf:
            self._add_firewall()

    def _access(self, trigger: Http) -> Access:
        """Who may call: a private instance shows nothing to people it does not know, but that it is there."""
        is_private = self._options.private_reads and trigger.access is Access.OPTIONAL
        return Access.ACCOUNT if is_private else trigger.access

    def _authorizers(self, functions: Functions) -> Mapping[Access, aws_apigateway.IAuthorizer]:
        """The registry's authorizer, once for each way of asking it; nothing where the registry has none.

        Without identity sources a gateway asks for every request, also for one without a credential, and keeps nothing.
        """
        found = {function.name: function.trigger for function in FUNCTIONS if isinstance(function.trigger, Authorizer)}
        if not found:
            return {}
        ((name, trigger),) = found.items()
        needed = aws_apigateway.RequestAuthorizer(
            self,
            "needed",
            handler=functions[name],
            identity_sources=[aws_apigateway.IdentitySource.header("Authorization")],
            results_cache_ttl=Duration.seconds(trigger.cache_seconds),
        )
        optional = aws_apigateway.RequestAuthorizer(
            self, "optional", handler=functions[name], identity_sources=[], results_cache_ttl=Duration.seconds(0)
        )
        return {Access.ACCOUNT: needed, Access.OPTIONAL: optional, Access.PUBLIC: optional}

    def _add_firewall(self) -> None:
        """Amazon's common rules, and a limit for each address."""
        firewall = aws_wafv2.CfnWebACL(
            self,
            "firewall",
            scope="REGIONAL",
            default_action=aws_wafv2.CfnWebACL.DefaultActionProperty(allow={}),
            visibility_config=_visibility("firewall"),
            rules=[
                aws_wafv2.CfnWebACL.RuleProperty(
                    name="rate",
                    priority=0,
                    action=aws_wafv2.CfnWebACL.RuleActionProperty(block={}),
                    visibility_config=_visibility("rate"),
                    statement=aws_wafv2.CfnWebACL.StatementProperty(
                        rate_based_statement=aws_wafv2.CfnWebACL.RateBasedStatementProperty(
                            # CloudFront is who calls; it names for whom.
                            aggregate_key_type="FORWARDED_IP",
                            forwarded_ip_config=aws_wafv2.CfnWebACL.ForwardedIPConfigurationProperty(
                                header_name="X-Forwarded-For", fallback_behavior="NO_MATCH"
                            ),
                            limit=REQUESTS_PER_ADDRESS,
                        )
                    ),
                ),
                aws_wafv2.CfnWebACL.RuleProperty(
                    name="common",
                    priority=1,
                    override_action=aws_wafv2.CfnWebACL.OverrideActionProperty(none={}),
                    visibility_config=_visibility("common"),
                    statement=aws_wafv2.CfnWebACL.StatementProperty(
                        managed_rule_group_statement=aws_wafv2.CfnWebACL.ManagedRuleGroupStatementProperty(
                            vendor_name="AWS",
                            name="AWSManagedRulesCommonRuleSet",
                            # The contract takes 64 KB, this rule 8.
                            rule_action_overrides=[
                                aws_wafv2.CfnWebACL.RuleActionOverrideProperty(
                                    name="SizeRestrictions_BODY",
                                    action_to_use=aws_wafv2.CfnWebACL.RuleActionProperty(count={}),
                                )
                            ],
                        )
                    ),
                ),
            ],
        )
        stage = self.rest_api.deployment_stage
        aws_wafv2.CfnWebACLAssociation(
            self, "firewall-of-stage", resource_arn=stage.stage_arn, web_acl_arn=firewall.attr_arn
        )


def _integration(functions: Functions, name: str) -> aws_apigateway.LambdaIntegration:
    """One permission for the whole API: one for each method would not fit the fallback's policy."""
    return aws_apigateway.LambdaIntegration(functions[name], scope_permission_to_method=False)


def _visibility(name: str) -> aws_wafv2.CfnWebACL.VisibilityConfigProperty:
    return aws_wafv2.CfnWebACL.VisibilityConfigProperty(
        cloud_watch_metrics_enabled=True, metric_name=f"{Aws.STACK_NAME}-{name}", sampled_requests_enabled=False
    )


def _access_log_format() -> aws_apigateway.AccessLogFormat:
    """Who asked what, when and with what result; never a header or a body."""
    field = aws_apigateway.AccessLogField
    fields = {
        "requestId": field.context_request_id(),
        "requestTime": field.context_request_time(),
        "account": field.context_authorizer_principal_id(),
        "ip": field.context_identity_source_ip(),
        "method": field.context_http_method(),
        "path": field.context_path(),
        "status": field.context_status(),
        "milliseconds": field.context_response_latency(),
        "bytes": field.context_response_length(),
    }
    return aws_apigateway.AccessLogFormat.custom(json.dumps(fields))
