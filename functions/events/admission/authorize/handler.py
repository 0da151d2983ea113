"""The gateway's authorizer, on Lambda: who is calling, and what the credential is good for."""

from functions.adapter.in_.lambda_.authorizer_handler import authorizer_handler
from functions.config.dynamodb import ports
from functions.config.oidc import create_issuer
from functions.config.wiring.admission.authorize import authorize

handler = authorizer_handler("authorize", authorize(ports(create_issuer=create_issuer)))
