"""The issuer that an instance trusts; loaded only by what verifies tokens, for the sake of everything else's start."""

from domain.model.kernel.caller import Role
from domain.port.out.clock import Clock
from domain.port.out.identity import Issuer
from functions.adapter.out.oidc.groups import Groups
from functions.adapter.out.oidc.issuer import OidcIssuer, TrustedIssuer
from functions.adapter.out.oidc.key_ring import KeyRing
from functions.config.settings import OidcSettings


def create_issuer(settings: OidcSettings, clock: Clock) -> Issuer:
    """The issuer of these settings."""
    roles = {settings.admin_group: Role.ADMIN, settings.creator_group: Role.CREATOR}
    groups = Groups(settings.issuer, settings.roles_claim, roles)
    trusted = TrustedIssuer(settings.issuer, frozenset(settings.audiences), groups)
    return OidcIssuer(trusted, KeyRing(settings.issuer, clock), clock)
