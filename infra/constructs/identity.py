"""Who signs people in: an issuer of one's own, or a Cognito user pool that the stack makes."""

from typing import NamedTuple

from aws_cdk import Aws, Duration, RemovalPolicy, Stack, aws_cognito, aws_lambda
from constructs import Construct

from functions.registry import FUNCTIONS, SignUp
from infra.constructs.functions import Functions
from infra.options import Options

ROLES = ("admin", "creator")
"""The pool's groups; membership in one is the role of that name."""
_CALLBACK = "/sign-in/callback"
_SHORT = Duration.hours(1)


class Identity(NamedTuple):
    """Whose tokens count.

    Args:
        issuer: their ``iss``.
        audience: whom they are for; several are separated by blanks, the page's own first.
        pool_id: of the user pool that is the issuer; None where it is none of this stack.
    """

    issuer: str
    audience: str
    pool_id: str | None = None


def identity_of(scope: Construct, options: Options, functions: Functions, public_url: str) -> Identity:
    """The issuer that the options name, or else a pool.

    Args:
        scope: what a pool would be part of.
        options: of this deployment.
        functions: one of which a pool calls for those who have signed up.
        public_url: where people reach the pages.
    """
    if options.oidc_issuer and options.oidc_audience:
        return Identity(options.oidc_issuer, options.oidc_audience)
    pool = UserPool(scope, "identity", options=options, functions=functions, public_url=public_url)
    return Identity(pool.issuer, pool.client.user_pool_client_id, pool.pool.user_pool_id)


def sign_in_origins(options: Options) -> tuple[str, ...]:
    """What the pages talk to for signing in, as browsers' policies name it. It is known before there is a pool.

    The endpoints of an issuer of one's own may be at other addresses than its own: any that takes https.
    """
    if options.oidc_issuer:
        return ("https:",)
    return (
        f"https://cognito-idp.{Aws.REGION}.amazonaws.com",
        f"https://{_domain_prefix(options)}.auth.{Aws.REGION}.amazoncognito.com",
    )


class UserPool(Construct):
    """People with an address and a password, who may sign up by themselves unless the instance is private.

    Args:
        options: of this deployment.
        functions: one of which it calls for those who have signed up.
        public_url: where people reach the pages.
    """

    def __init__(self, scope: Construct, id_: str, *, options: Options, functions: Functions, public_url: str) -> None:
        super().__init__(scope, id_)
        pool = aws_cognito.UserPool(
            self,
            "pool",
            self_sign_up_enabled=not options.private_reads,
            sign_in_aliases=aws_cognito.SignInAliases(email=True),
            # A pool never changes it, and with it Ann@example.org would be somebody else than ann@example.org.
            sign_in_case_sensitive=False,
            auto_verify=aws_cognito.AutoVerifiedAttrs(email=True),
            password_policy=aws_cognito.PasswordPolicy(
                min_length=12,
                require_digits=True,
                require_lowercase=True,
                require_symbols=True,
                require_uppercase=True,
            ),
            mfa=aws_cognito.Mfa.OPTIONAL,
            mfa_second_factor=aws_cognito.MfaSecondFactor(otp=True, sms=False),
            account_recovery=aws_cognito.AccountRecovery.EMAIL_ONLY,
            lambda_triggers=aws_cognito.UserPoolTriggers(post_confirmation=_welcome(functions)),
            deletion_protection=options.protect and not options.local,
            removal_policy=RemovalPolicy.DESTROY if options.local else RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
        )
        if options.mail_from:
            _write_from(pool, options.mail_from)
        for role in ROLES:
            aws_cognito.CfnUserPoolGroup(self, role, user_pool_id=pool.user_pool_id, group_name=role)
        pool.add_domain(
            "domain", cognito_domain=aws_cognito.CognitoDomainOptions(domain_prefix=_domain_prefix(options))
        )
        self.client = pool.add_client(
            "page",
            generate_secret=False,
            prevent_user_existence_errors=True,
            auth_flows=aws_cognito.AuthFlow(user_srp=True, admin_user_password=True),
            o_auth=aws_cognito.OAuthSettings(
                flows=aws_cognito.OAuthFlows(authorization_code_grant=True),
                scopes=[aws_cognito.OAuthScope.OPENID, aws_cognito.OAuthScope.PROFILE],
                callback_urls=[f"{public_url}{_CALLBACK}"],
                logout_urls=[f"{public_url}/"],
            ),
            access_token_validity=_SHORT,
            id_token_validity=_SHORT,
        )
        self.pool = pool

    @property
    def issuer(self) -> str:
        """The ``iss`` of its tokens."""
        return f"https://cognito-idp.{Stack.of(self).region}.amazonaws.com/{self.pool.user_pool_id}"


def _write_from(pool: aws_cognito.UserPool, address: str) -> None:
    """Let SES write to people, in the name of an address that is verified there; Cognito alone writes fifty a day."""
    identity = Stack.of(pool).format_arn(service="ses", resource="identity", resource_name=address)
    resource = pool.node.default_child
    assert isinstance(resource, aws_cognito.CfnUserPool)
    resource.email_configuration = aws_cognito.CfnUserPool.EmailConfigurationProperty(
        email_sending_account="DEVELOPER", from_=address, source_arn=identity
    )


def _welcome(functions: Functions) -> aws_lambda.IFunction:
    (name,) = (function.name for function in FUNCTIONS if isinstance(function.trigger, SignUp))
    return functions[name]


def _domain_prefix(options: Options) -> str:
    """The name of its sign-in page: one of all of Amazon's customers."""
    return f"{options.name}-{Aws.ACCOUNT_ID}"
