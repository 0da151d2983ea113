"""The whole service in one stack."""

from collections.abc import Mapping

import aws_cdk as cdk
from constructs import Construct

from infra.constructs.api import Api
from infra.constructs.data import Data
from infra.constructs.events import Queues, Triggers
from infra.constructs.functions import Functions
from infra.constructs.site import Site
from infra.options import Options


class ServiceStack(cdk.Stack):
    """Tables, queues, functions, the API, the pages, and what watches them.

    Args:
        options: of this deployment.
    """

    def __init__(self, scope: Construct, options: Options) -> None:
        super().__init__(scope, options.name, stack_name=options.name, description="Hunch, a prediction market")
        data = Data(self, "data", keep=not options.local)
        queues = Queues(self, "queues")
        api = Api(self, "api", options=options)
        site = Site(self, "site", options=options, api_host=api.host, sign_in=())
        functions = Functions(
            self,
            "functions",
            options=options,
            data=data,
            queues=queues.queues,
            variables=_settings(options, site.public_url),
        )
        api.route(functions, site.public_url)
        Triggers(self, "triggers", functions=functions, queues=queues, data=data)
        cdk.CfnOutput(self, "PublicUrl", value=site.public_url, description="Where people reach it")
        cdk.CfnOutput(self, "ApiUrl", value=api.rest_api.url, description="The API behind it")
        cdk.CfnOutput(self, "PagesBucket", value=site.bucket.bucket_name, description="Where its pages are")


def _settings(options: Options, public_url: str) -> Mapping[str, str]:
    """What every function is told."""
    grant = {"HUNCH_STARTING_GRANT": options.starting_grant} if options.starting_grant else {}
    return {"HUNCH_PUBLIC_URL": public_url, **grant}
