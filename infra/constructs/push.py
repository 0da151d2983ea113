"""Hints for open pages: an AppSync Events API to which one function publishes, and pages listen."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from aws_cdk import Aws, aws_appsync, aws_iam
from constructs import Construct

from functions.registry import FUNCTIONS, HINTS_URL
from infra.constructs.functions import Functions
from infra.constructs.identity import Identity
from infra.options import Options

NAMESPACE = "markets"
"""The first part of every channel; the second is a market's slug."""
KEY_DAYS = 364
"""How long the pages' key is good for after a deploy: AppSync allows 365 days, and rounds down to the hour."""
_BY_ROLE, _BY_KEY, _BY_POOL, _BY_ISSUER = "AWS_IAM", "API_KEY", "AMAZON_COGNITO_USER_POOLS", "OPENID_CONNECT"


def push_origins() -> tuple[str, ...]:
    """Where pages listen, as browsers' policies name it.

    The address of the API itself cannot be in the policy: where people sign in at the stack's own pool the API needs
    the pool, the pool a function, the function the address of the pages, and that the policy.
    """
    return (f"wss://*.appsync-realtime-api.{Aws.REGION}.amazonaws.com",)


class Push(Construct):
    """The API, and its one namespace of channels.

    Whoever may read markets may listen: everybody by a key that the pages are told, or, on a private instance, those
    who have signed in at the issuer. Only roles of the account publish.

    Args:
        options: of this deployment.
        identity: who signs people in.
        now: the time of the deploy.
    """

    def __init__(
        self, scope: Construct, id_: str, *, options: Options, identity: Identity, now: datetime | None = None
    ) -> None:
        super().__init__(scope, id_)
        listeners = _listeners(options, identity)
        mode = aws_appsync.CfnApi.AuthModeProperty
        by_role, by_listener = mode(auth_type=_BY_ROLE), mode(auth_type=listeners.auth_type)
        self._api = aws_appsync.CfnApi(
            self,
            "api",
            name=options.name,
            event_config=aws_appsync.CfnApi.EventConfigProperty(
                auth_providers=[aws_appsync.CfnApi.AuthProviderProperty(auth_type=_BY_ROLE), listeners],
                connection_auth_modes=[by_listener],
                default_publish_auth_modes=[by_role],
                default_subscribe_auth_modes=[by_listener],
            ),
        )
        aws_appsync.CfnChannelNamespace(self, "namespace", api_id=self._api.attr_api_id, name=NAMESPACE)
        self._key = self._make_key(now or datetime.now(UTC)) if listeners.auth_type == _BY_KEY else None

    @property
    def config(self) -> Mapping[str, str]:
        """What the pages are told: where to listen, the host that they name there, and the key if there is one."""
        where = {
            "url": f"wss://{self._api.attr_dns_realtime}/event/realtime",
            "host": self._api.attr_dns_http,
        }
        return where | ({"key": self._key.attr_api_key} if self._key else {})

    def let_publish(self, functions: Functions) -> None:
        """Tell the function that publishes hints where to, and let it: on this API's channels, and nothing else."""
        (name,) = (function.name for function in FUNCTIONS if function.hints is not None)
        functions[name].add_environment(HINTS_URL, f"https://{self._api.attr_dns_http}/event")
        functions[name].add_to_role_policy(
            aws_iam.PolicyStatement(
                actions=["appsync:EventPublish"],
                resources=[f"{self._api.attr_api_arn}/channelNamespace/{NAMESPACE}"],
            )
        )

    def _make_key(self, now: datetime) -> aws_appsync.CfnApiKey:
        """The key of all pages. A deploy of another day prolongs it, and the first of another year makes a new one.

        So it never has to be prolonged when it is gone: AppSync deletes keys sixty days after they have expired.
        """
        today = now.replace(hour=0, minute=0, second=0, microsecond=0)
        return aws_appsync.CfnApiKey(
            self,
            f"key-{today.year}",
            api_id=self._api.attr_api_id,
            description="What pages listen with",
            expires=int((today + timedelta(days=KEY_DAYS)).timestamp()),
        )


def _listeners(options: Options, identity: Identity) -> aws_appsync.CfnApi.AuthProviderProperty:
    """How whoever listens says who they are."""
    provider = aws_appsync.CfnApi.AuthProviderProperty
    client = identity.audience.split(maxsplit=1)[0]
    if not options.private_reads:
        return provider(auth_type=_BY_KEY)
    if identity.pool_id is not None:
        pool = aws_appsync.CfnApi.CognitoConfigProperty(
            aws_region=Aws.REGION, user_pool_id=identity.pool_id, app_id_client_regex=client
        )
        return provider(auth_type=_BY_POOL, cognito_config=pool)
    issuer = aws_appsync.CfnApi.OpenIDConnectConfigProperty(issuer=identity.issuer, client_id=f"^{re.escape(client)}$")
    return provider(auth_type=_BY_ISSUER, open_id_connect_config=issuer)
