"""The gateway's authorizer, on Lambda: who is calling, and what the credential is good for."""

from functions.adapter.in_.lambda_.authorizer_handler import authorizer_handler
from functions.config.dynamodb import container
from functions.config.oidc import create_issuer

handler = authorizer_handler("authorize", container(create_issuer=create_issuer).authorize)
