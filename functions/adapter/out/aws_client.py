"""Clients of AWS services: botocore's own, which are those that boto3 hands on, without what boto3 loads besides."""

from functools import cache
from typing import Any

from botocore.auth import SigV4Auth
from botocore.config import Config
from botocore.exceptions import NoCredentialsError
from botocore.session import Session, get_session


def create_aws_client(service: str, config: Config) -> Any:  # noqa: ANN401 - botocore makes the class from a document
    """A client of a service, with the credentials and the region of the environment.

    An environment may rest for minutes between two requests. Without probes its connections would be cut off meanwhile,
    and the next request would find out.
    """
    return _session().create_client(service, config=config.merge(Config(tcp_keepalive=True)))


def create_ringing_client(service: str) -> Any:  # noqa: ANN401 - as above
    """A client of what takes rings, which may repeat each: to be rung for twice is harmless."""
    config = Config(connect_timeout=1, read_timeout=3, retries={"mode": "standard", "total_max_attempts": 3})
    return create_aws_client(service, config)


def create_signer(service: str) -> SigV4Auth:
    """What signs requests to a service that has no client, with the credentials and the region of the environment.

    Good for requests of now: credentials of a role are others after a few hours.

    Raises:
        NoCredentialsError: the environment has none.
    """
    credentials = _session().get_credentials()
    if credentials is None:
        raise NoCredentialsError
    return SigV4Auth(credentials.get_frozen_credentials(), service, _session().get_config_variable("region"))


@cache
def _session() -> Session:
    return get_session()
