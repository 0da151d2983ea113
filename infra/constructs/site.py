"""Where people reach it: CloudFront, with the pages from a bucket and /v1 from the API, so that there is one origin."""

import json
from collections.abc import Mapping

from aws_cdk import (
    Aws,
    Duration,
    RemovalPolicy,
    aws_certificatemanager,
    aws_cloudfront,
    aws_cloudfront_origins,
    aws_s3,
)
from aws_cdk import aws_s3_deployment as deployment
from constructs import Construct

from functions.registry import ADDRESS_HEADER, FUNCTIONS, SURFACES, Authorizer
from functions.registry.deployed import content_security_policy
from infra.constructs.api import STAGE
from infra.constructs.identity import Identity
from infra.constructs.logs import log_group
from infra.gateway_document import query_parameters
from infra.options import Options
from infra.pages import ASSETS, CONFIG, IMMUTABLE, REVALIDATED, config_of

_LONGEST_CACHED = Duration.minutes(1)
_ANSWERED_WITHIN = Duration.seconds(45)
"""Longer than the authorizer and a function take together at most, so that what they say is what people hear."""
_OF_THE_API = ("/v1", "/v1/*", *(f"{path}/*" for surface in SURFACES.values() for path in surface.paths))
_CACHED_ERRORS = (400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504)
"""What CloudFront would keep for ten seconds unless told otherwise."""
_TO_THE_API = """\
var CREDENTIAL = %s;
var ADDRESS = %s;
var PARAMETERS = %s;
function handler(event) {
    var request = event.request;
    var authorization = request.headers.authorization;
    // The API keeps its authorizer's answers by this header; the authorizer refuses one that is not the credential.
    request.headers[CREDENTIAL] = { value: authorization ? authorization.value : 'none' };
    // Whom the functions count where nobody has signed in; what a client wrote there is gone.
    request.headers[ADDRESS] = { value: event.viewer.ip };
    // No function of /v1 reads any other: a made-up one would only get around the cache.
    for (var name in request.querystring) {
        if (request.uri.indexOf('/v1/') === 0 && PARAMETERS.indexOf(name) < 0) {
            delete request.querystring[name];
        }
    }
    return request;
}
"""
_TO_THE_PAGES = """\
function handler(event) {
    // Every address without a file's ending is one of the page's own.
    if (!/\\.[a-z0-9]+$/.test(event.request.uri)) {
        event.request.uri = '/index.html';
    }
    return event.request;
}
"""


class Site(Construct):
    """The distribution, the bucket of the pages, and their upload.

    Args:
        options: of this deployment.
        api_host: the API's host name.
        origins: what the pages may talk to beside their own: for signing in, and for hints.
    """

    def __init__(
        self, scope: Construct, id_: str, *, options: Options, api_host: str, origins: tuple[str, ...]
    ) -> None:
        super().__init__(scope, id_)
        self.bucket = aws_s3.Bucket(
            self,
            "pages",
            block_public_access=aws_s3.BlockPublicAccess.BLOCK_ALL,
            encryption=aws_s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            removal_policy=RemovalPolicy.DESTROY,
            auto_delete_objects=not options.local,
        )
        self._options = options
        self._distribution = None if options.local else self._distribute(options, api_host, origins)
        if self._distribution is None:
            # No local endpoint has a CDN: the API is reached directly.
            self.public_url = f"http://{api_host}"
        else:
            self.public_url = f"https://{options.domain or self._distribution.distribution_domain_name}"

    @property
    def host(self) -> str | None:
        """The distribution's own host name; None where there is no distribution."""
        return None if self._distribution is None else self._distribution.distribution_domain_name

    def publish(self, identity: Identity, push: Mapping[str, str] | None) -> None:
        """Upload the pages, and beside them how people sign in; for a local endpoint infra/pages.py does that.

        Args:
            identity: the issuer and what it calls the page.
            push: where the pages listen for hints; None where there are none.
        """
        if self._distribution is None:
            return
        pages = deployment.Source.asset(str(self._options.pages))
        config = deployment.Source.json_data(CONFIG, config_of(identity.issuer, identity.audience, push))
        logs = log_group(self, "upload-logs", self._options)
        assets = deployment.BucketDeployment(
            self,
            "upload-assets",
            sources=[pages],
            exclude=["*"],
            include=[f"{ASSETS}*"],
            cache_control=[deployment.CacheControl.from_string(IMMUTABLE)],
            prune=False,  # somebody may have an older page open, which will still ask for its own
            destination_bucket=self.bucket,
            memory_limit=256,
            log_group=logs,
        )
        rest = deployment.BucketDeployment(
            self,
            "upload",
            sources=[pages, config],
            exclude=[f"{ASSETS}*"],
            cache_control=[deployment.CacheControl.from_string(REVALIDATED)],
            destination_bucket=self.bucket,
            distribution=self._distribution,
            memory_limit=256,
            log_group=logs,
        )
        rest.node.add_dependency(assets)

    def _distribute(self, options: Options, api_host: str, origins: tuple[str, ...]) -> aws_cloudfront.Distribution:
        certificate = options.certificate and aws_certificatemanager.Certificate.from_certificate_arn(
            self, "certificate", options.certificate
        )
        to_the_pages = aws_cloudfront.Function(
            self,
            "to-the-pages",
            code=aws_cloudfront.FunctionCode.from_inline(_TO_THE_PAGES),
            runtime=aws_cloudfront.FunctionRuntime.JS_2_0,
        )
        return aws_cloudfront.Distribution(
            self,
            "distribution",
            comment=f"Hunch: {options.name}",
            domain_names=[options.domain] if options.domain else None,
            certificate=certificate or None,
            minimum_protocol_version=aws_cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021 if certificate else None,
            http_version=aws_cloudfront.HttpVersion.HTTP2_AND_3,
            price_class=aws_cloudfront.PriceClass.PRICE_CLASS_100,
            default_root_object="index.html",
            default_behavior=aws_cloudfront.BehaviorOptions(
                origin=aws_cloudfront_origins.S3BucketOrigin.with_origin_access_control(
                    self.bucket, origin_access_control=self._access_control()
                ),
                viewer_protocol_policy=aws_cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
                cache_policy=aws_cloudfront.CachePolicy.CACHING_OPTIMIZED,
                response_headers_policy=self._headers(origins),
                function_associations=[
                    aws_cloudfront.FunctionAssociation(
                        function=to_the_pages, event_type=aws_cloudfront.FunctionEventType.VIEWER_REQUEST
                    )
                ],
            ),
            additional_behaviors=dict.fromkeys(_OF_THE_API, self._api_behavior(api_host)),
            error_responses=[
                aws_cloudfront.ErrorResponse(http_status=status, ttl=Duration.seconds(0)) for status in _CACHED_ERRORS
            ],
        )

    def _access_control(self) -> aws_cloudfront.S3OriginAccessControl:
        """How CloudFront reads the bucket. Such names are those of the account in all regions."""
        return aws_cloudfront.S3OriginAccessControl(
            self, "access", origin_access_control_name=f"{self._options.name}-pages-{Aws.REGION}"
        )

    def _api_behavior(self, api_host: str) -> aws_cloudfront.BehaviorOptions:
        """The API's answers, kept for as long as they say, and each for the credential that it was given to."""
        cache = aws_cloudfront.CachePolicy(
            self,
            "api-answers",
            cache_policy_name=f"{self._options.name}-{Aws.REGION}",
            comment="Hunch: what anybody may read, for a second; never one caller's answers for another",
            min_ttl=Duration.seconds(0),
            default_ttl=Duration.seconds(0),
            max_ttl=_LONGEST_CACHED,
            header_behavior=aws_cloudfront.CacheHeaderBehavior.allow_list("Authorization"),
            query_string_behavior=aws_cloudfront.CacheQueryStringBehavior.all(),
            cookie_behavior=aws_cloudfront.CacheCookieBehavior.none(),
            # Without both in the cache key nothing of the API's is compressed.
            enable_accept_encoding_gzip=True,
            enable_accept_encoding_brotli=True,
        )
        to_the_api = aws_cloudfront.Function(
            self,
            "to-the-api",
            code=aws_cloudfront.FunctionCode.from_inline(_TO_THE_API % _known_to_the_api()),
            runtime=aws_cloudfront.FunctionRuntime.JS_2_0,
        )
        return aws_cloudfront.BehaviorOptions(
            origin=aws_cloudfront_origins.HttpOrigin(
                api_host,
                origin_path=f"/{STAGE}",
                read_timeout=_ANSWERED_WITHIN,
                protocol_policy=aws_cloudfront.OriginProtocolPolicy.HTTPS_ONLY,
                origin_ssl_protocols=[aws_cloudfront.OriginSslPolicy.TLS_V1_2],
            ),
            allowed_methods=aws_cloudfront.AllowedMethods.ALLOW_ALL,
            viewer_protocol_policy=aws_cloudfront.ViewerProtocolPolicy.HTTPS_ONLY,
            cache_policy=cache,
            origin_request_policy=aws_cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
            function_associations=[
                aws_cloudfront.FunctionAssociation(
                    function=to_the_api, event_type=aws_cloudfront.FunctionEventType.VIEWER_REQUEST
                )
            ],
        )

    def _headers(self, origins: tuple[str, ...]) -> aws_cloudfront.ResponseHeadersPolicy:
        """What browsers hold the pages to: nothing from elsewhere, and no script or style written into a page."""
        return aws_cloudfront.ResponseHeadersPolicy(
            self,
            "headers",
            response_headers_policy_name=f"{self._options.name}-{Aws.REGION}",
            custom_headers_behavior=aws_cloudfront.ResponseCustomHeadersBehavior(
                custom_headers=[
                    aws_cloudfront.ResponseCustomHeader(
                        header="Cross-Origin-Opener-Policy", value="same-origin", override=True
                    )
                ]
            ),
            security_headers_behavior=aws_cloudfront.ResponseSecurityHeadersBehavior(
                content_security_policy=aws_cloudfront.ResponseHeadersContentSecurityPolicy(
                    content_security_policy=content_security_policy(*origins), override=True
                ),
                content_type_options=aws_cloudfront.ResponseHeadersContentTypeOptions(override=True),
                referrer_policy=aws_cloudfront.ResponseHeadersReferrerPolicy(
                    referrer_policy=aws_cloudfront.HeadersReferrerPolicy.NO_REFERRER, override=True
                ),
                strict_transport_security=aws_cloudfront.ResponseHeadersStrictTransportSecurity(
                    access_control_max_age=Duration.days(365),
                    include_subdomains=self._options.hsts_subdomains,
                    override=True,
                ),
            ),
        )


def _known_to_the_api() -> tuple[str, ...]:
    """The headers of the credential and of the address, and the names of all query parameters, as JavaScript."""
    (trigger,) = (function.trigger for function in FUNCTIONS if isinstance(function.trigger, Authorizer))
    headers = (trigger.optional_header.lower(), ADDRESS_HEADER.lower())
    return *(json.dumps(header) for header in headers), json.dumps(query_parameters())
