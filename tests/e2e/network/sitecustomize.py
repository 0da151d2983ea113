"""What the network does on AWS: an address of Cognito's leads to Cognito, here to the local endpoint's.

The local endpoint signs tokens in the name of the real address and publishes their keys under its own. Every Python that
is started with this folder on its path loads this; it changes something in the functions that verify tokens only.
"""

import os
import re
from typing import Any

_COGNITO = re.compile(r"https://cognito-idp\.[a-z0-9-]+\.amazonaws\.com")


def _lead_to(endpoint: str) -> None:
    import urllib3  # noqa: PLC0415 -- nobody else should wait for it

    request = urllib3.PoolManager.request

    def led(self: Any, method: str, url: str, *arguments: Any, **options: Any) -> Any:
        answer = request(self, method, _COGNITO.sub(endpoint, url), *arguments, **options)
        return answer

    urllib3.PoolManager.request = led  # type: ignore[method-assign]


if "HUNCH_OIDC_ISSUER" in os.environ and "AWS_ENDPOINT_URL" in os.environ:
    _lead_to(os.environ["AWS_ENDPOINT_URL"])
