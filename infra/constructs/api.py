"""The HTTP API, made of the OpenAPI document: a route for each function, and the fallback for everything else."""

import json
from http import HTTPStatus

from aws_cdk import ArnFormat, Aws, RemovalPolicy, Stack, aws_apigateway, aws_iam, aws_wafv2
from constructs import Construct

from functions.registry import FUNCTION_OF, Authorizer, Fallback, Http, Surface
from infra.constructs.functions import LIVE, Functions, starts_from_snapshot
from infra.constructs.logs import log_group
from infra.gateway_document import BINARY_MEDIA_TYPES, GatewayDocument
from infra.gateway_problems import PUBLIC_URL
from infra.limits import BURST_SECONDS, limits_by_method
from infra.options import Options

STAGE = "prod"
REQUESTS_PER_ADDRESS = 2000
"""Of one address in five minutes, where there is a firewall."""
_FEWEST_COUNTED = 10
"""The least that a firewall counts to."""
_BLOCKED_SECONDS = "60"
_TOO_MANY = "too-many-requests"


class Api(Construct):
    """The REST API, all of whose answers, its own refusals too, are the functions' in form.

    It is made before the functions, whose environment names the public address that depends on it; :meth:`deploy`
    then leads to them.

    Args:
        options: of this deployment.
    """

    def __init__(self, scope: Construct, id_: str, *, options: Options) -> None:
        super().__init__(scope, id_)
        self._options = options
        self._role = aws_iam.Role(
            self,
            "invoker",
            description="In which API Gateway invokes the functions",
            assumed_by=aws_iam.ServicePrincipal("apigateway.amazonaws.com"),
        )
        document = GatewayDocument(options.name, self._uri_of, self._role.role_arn, options.private_reads)
        self.rest_api = aws_apigateway.SpecRestApi(
            self,
            "http-api",
            rest_api_name=options.name,
            description="Hunch, a prediction market",
            api_definition=aws_apigateway.ApiDefinition.from_inline(document.render()),
            # What the document no longer has is gone, and the API keeps its address.
            mode=aws_apigateway.RestApiMode.OVERWRITE,
            endpoint_types=[aws_apigateway.EndpointType.REGIONAL],
            parameters={"endpointConfigurationTypes": "REGIONAL"},
            binary_media_types=list(BINARY_MEDIA_TYPES),
            cloud_watch_role=True,
            cloud_watch_role_removal_policy=RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
            deploy=False,
        )

    @property
    def host(self) -> str:
        """Its host name. It names the API alone: an address with the stage would wait for every function."""
        stack = Stack.of(self)
        return f"{self.rest_api.rest_api_id}.execute-api.{stack.region}.{stack.url_suffix}"

    def deploy(self, functions: Functions, public_url: str) -> None:
        """Put the API on its stage, once there are the functions that answer.

        Args:
            functions: all of them.
            public_url: where people reach the API.
        """
        kinds = Http | Surface | Fallback | Authorizer
        answering = [name for name in functions if isinstance(FUNCTION_OF[name].trigger, kinds)]
        arns = [functions.invoked(name).function_arn for name in answering]
        allowed = aws_iam.Policy(
            self,
            "invoke",
            roles=[self._role],
            statements=[aws_iam.PolicyStatement(actions=["lambda:InvokeFunction"], resources=arns)],
        )
        # Its logical id follows the document, so that a change of the document is deployed.
        deployment = aws_apigateway.Deployment(self, "deployment", api=self.rest_api)
        deployment.node.add_dependency(allowed)
        self.stage = aws_apigateway.Stage(
            self,
            "stage",
            deployment=deployment,
            stage_name=STAGE,
            variables={PUBLIC_URL: public_url},
            throttling_rate_limit=self._options.others_per_second,
            throttling_burst_limit=self._options.others_per_second * BURST_SECONDS,
            method_options={
                place: aws_apigateway.MethodDeploymentOptions(
                    throttling_rate_limit=number, throttling_burst_limit=number * BURST_SECONDS
                )
                for place, number in limits_by_method(self._options.limits).items()
            },
            access_log_destination=aws_apigateway.LogGroupLogDestination(log_group(self, "access-logs", self._options)),
            access_log_format=_access_log_format(),
        )
        self.rest_api.deployment_stage = self.stage
        if self._options.waf:
            self._add_firewall(public_url)

    def _uri_of(self, name: str) -> str:
        """Where the gateway invokes a function. By name: by its ARN the API would wait for every function."""
        stack = Stack.of(self)
        version = f":{LIVE}" if starts_from_snapshot(name, self._options) else ""
        function = stack.format_arn(
            service="lambda",
            resource="function",
            resource_name=f"{self._options.name}-{name}{version}",
            arn_format=ArnFormat.COLON_RESOURCE_NAME,
        )
        return (
            f"arn:{stack.partition}:apigateway:{stack.region}:lambda:path/2015-03-31/functions/{function}/invocations"
        )

    def _add_firewall(self, public_url: str) -> None:
        """Amazon's common rules, and limits for each address and each credential.

        It refuses before any function is called; the functions, which count as well, cost their call.
        """
        firewall = aws_wafv2.CfnWebACL(
            self,
            "firewall",
            scope="REGIONAL",
            default_action=aws_wafv2.CfnWebACL.DefaultActionProperty(allow={}),
            visibility_config=_visibility("firewall"),
            custom_response_bodies={
                _TOO_MANY: aws_wafv2.CfnWebACL.CustomResponseBodyProperty(
                    content_type="APPLICATION_JSON", content=json.dumps(_too_many(public_url))
                )
            },
            rules=[
                _rate_rule(
                    "rate",
                    0,
                    aws_wafv2.CfnWebACL.RateBasedStatementProperty(
                        # CloudFront is who calls; it names for whom.
                        aggregate_key_type="FORWARDED_IP",
                        forwarded_ip_config=aws_wafv2.CfnWebACL.ForwardedIPConfigurationProperty(
                            header_name="X-Forwarded-For", fallback_behavior="NO_MATCH"
                        ),
                        limit=REQUESTS_PER_ADDRESS,
                    ),
                ),
                _rate_rule(
                    "caller",
                    2,
                    aws_wafv2.CfnWebACL.RateBasedStatementProperty(
                        aggregate_key_type="CUSTOM_KEYS",
                        custom_keys=[
                            aws_wafv2.CfnWebACL.RateBasedStatementCustomKeyProperty(
                                header=aws_wafv2.CfnWebACL.RateLimitHeaderProperty(
                                    name="Authorization",
                                    text_transformations=[
                                        aws_wafv2.CfnWebACL.TextTransformationProperty(priority=0, type="NONE")
                                    ],
                                )
                            )
                        ],
                        evaluation_window_sec=60,
                        limit=max(_FEWEST_COUNTED, self._options.requests_per_minute),
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
        aws_wafv2.CfnWebACLAssociation(
            self, "firewall-of-stage", resource_arn=self.stage.stage_arn, web_acl_arn=firewall.attr_arn
        )


def _rate_rule(
    name: str, priority: int, statement: aws_wafv2.CfnWebACL.RateBasedStatementProperty
) -> aws_wafv2.CfnWebACL.RuleProperty:
    """A rule that refuses as the functions do, but for the media type: the firewall has only JSON's."""
    return aws_wafv2.CfnWebACL.RuleProperty(
        name=name,
        priority=priority,
        action=aws_wafv2.CfnWebACL.RuleActionProperty(
            block=aws_wafv2.CfnWebACL.BlockActionProperty(
                custom_response=aws_wafv2.CfnWebACL.CustomResponseProperty(
                    response_code=HTTPStatus.TOO_MANY_REQUESTS.value,
                    custom_response_body_key=_TOO_MANY,
                    response_headers=[
                        aws_wafv2.CfnWebACL.CustomHTTPHeaderProperty(name="Retry-After", value=_BLOCKED_SECONDS)
                    ],
                )
            )
        ),
        visibility_config=_visibility(name),
        statement=aws_wafv2.CfnWebACL.StatementProperty(rate_based_statement=statement),
    )


def _too_many(public_url: str) -> dict[str, object]:
    return {
        "type": f"{public_url}/problems/{_TOO_MANY}",
        "title": "Too Many Requests",
        "status": HTTPStatus.TOO_MANY_REQUESTS.value,
        "detail": f"Too many requests come from this address or with this credential. Go on in {_BLOCKED_SECONDS} s.",
        "code": _TOO_MANY,
    }


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
