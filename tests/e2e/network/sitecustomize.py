"""What the network does on AWS: Cognito's address leads to Cognito, here to the local endpoint's.

The local endpoint signs tokens in the name of the real address, and publishes the keys for them under its own. Every
Python that is started with this folder on its path loads this; it changes something only where tokens are verified.
"""

import io
import os
import re
from typing import Any

_ISSUER, _ENDPOINT = (os.environ.get(name, "") for name in ("HUNCH_OIDC_ISSUER", "AWS_ENDPOINT_URL"))
_COGNITO = re.match(r"https://cognito-idp\.[a-z0-9-]+\.amazonaws\.com", _ISSUER)


def _lead(cognito: str, endpoint: str) -> None:
    import urllib3  # noqa: PLC0415 -- nobody else should wait for it

    request = urllib3.PoolManager.request

    def led(self: Any, method: str, url: str, **options: Any) -> urllib3.BaseHTTPResponse:
        """The answer of the local endpoint, in which its own address is Cognito's."""
        answer = request(self, method, url.replace(cognito, endpoint), **options)
        body = answer.read().replace(endpoint.encode(), cognito.encode())
        return urllib3.HTTPResponse(io.BytesIO(body), status=answer.status, preload_content=False)

    manager: Any = urllib3.PoolManager  # a patch is what this file is
    manager.request = led


if _COGNITO and _ENDPOINT:
    _lead(_COGNITO[0], _ENDPOINT)
