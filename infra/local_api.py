"""Finish an import of the API into a local endpoint: ``python -m infra.local_api <outputs file> <assembly>``.

API Gateway reads authorizers, methods for everything else and its refusals from the OpenAPI document. The local
endpoint (ministack 1.x) reads paths, methods and integrations only, so this puts the rest where it belongs, out of the
same document. It still does not answer with the document's refusals, nor limit anybody: tests/infra looks at those.
"""

import argparse
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3

from infra.gateway_document import ANY_METHOD, AUTHORIZER, GATEWAY_RESPONSES, INTEGRATION

type Json = dict[str, Any]

_INTEGRATION_TYPES = {"aws_proxy": "AWS_PROXY"}


@dataclass(frozen=True, slots=True)
class LocalApi:
    """An API whose document was imported in part.

    Args:
        client: of API Gateway at the local endpoint.
        id: the API's.
        document: the whole OpenAPI document, with nothing left to resolve.
    """

    client: Any
    id: str
    document: Json

    def finish(self) -> int:
        """Make what the import has left out.

        Returns:
            How many methods there are now.
        """
        authorizers = self._make_authorizers()
        resources = self._resources()
        methods = 0
        for path, item in self.document["paths"].items():
            resource = resources.get(path) or self._make_resource(resources, path)
            for method, operation in item.items():
                name = "ANY" if method == ANY_METHOD else method.upper()
                self._make_method(resource, name, operation, authorizers)
                methods += 1
        for kind, response in self.document[GATEWAY_RESPONSES].items():
            self.client.put_gateway_response(restApiId=self.id, responseType=kind, **response)
        return methods

    def _make_authorizers(self) -> Mapping[str, str]:
        """Their ids, by the names of the schemes."""
        made = {}
        for name, scheme in self.document["components"]["securitySchemes"].items():
            given = scheme[AUTHORIZER]
            answer = self.client.create_authorizer(
                restApiId=self.id,
                name=name,
                type=given["type"].upper(),
                **{member: value for member, value in given.items() if member != "type"},
            )
            made[name] = answer["id"]
        return made

    def _resources(self) -> dict[str, str]:
        """Their ids, by path."""
        pages = self.client.get_paginator("get_resources").paginate(restApiId=self.id)
        return {item["path"]: item["id"] for page in pages for item in page["items"]}

    def _make_resource(self, resources: dict[str, str], path: str) -> str:
        """Make a resource, and those above it that are not there."""
        above, _, part = path.rpartition("/")
        parent = resources.get(above or "/") or self._make_resource(resources, above)
        resources[path] = self.client.create_resource(restApiId=self.id, parentId=parent, pathPart=part)["id"]
        return resources[path]

    def _make_method(self, resource: str, name: str, operation: Json, authorizers: Mapping[str, str]) -> None:
        place = {"restApiId": self.id, "resourceId": resource, "httpMethod": name}
        schemes = [scheme for requirement in operation.get("security", ()) for scheme in requirement]
        asked = [{"authorizationType": "CUSTOM", "authorizerId": authorizers[scheme]} for scheme in schemes]
        self.client.put_method(**place, **(asked[0] if asked else {"authorizationType": "NONE"}))
        given = operation[INTEGRATION]
        self.client.put_integration(
            **place,
            type=_INTEGRATION_TYPES[given["type"]],
            integrationHttpMethod=given["httpMethod"],
            uri=given["uri"],
            credentials=given["credentials"],
        )


def document_of(template: Json, names: Mapping[str, str]) -> Json:
    """The document of a template's API, in which every reference is what ``names`` has for it.

    Args:
        template: CloudFormation's.
        names: values by the name of what is referred to.

    Raises:
        KeyError: there is a reference that ``names`` does not have.
        ValueError: the template has more than one API, or none.
    """
    (api,) = (
        resource["Properties"]
        for resource in template["Resources"].values()
        if resource["Type"] == "AWS::ApiGateway::RestApi"
    )
    document: Json = _resolve(api["Body"], names)
    return document


def _resolve(value: Any, names: Mapping[str, str]) -> Any:  # noqa: ANN401 -- JSON is of any type
    match value:
        case {"Ref": str(name)}:
            return names[name]
        case {"Fn::GetAtt": [str(name), _]}:
            return names[name]
        case {"Fn::Join": [str(separator), list(parts)]}:
            return separator.join(_resolve(part, names) for part in parts)
        case dict():
            return {name: _resolve(member, names) for name, member in value.items()}
        case list():
            return [_resolve(member, names) for member in value]
        case _:
            return value


def _names(template: Json, region: str, account: str) -> Iterator[tuple[str, str]]:
    """What the document refers to; the local endpoint looks at no role."""
    yield from (("AWS::Region", region), ("AWS::AccountId", account), ("AWS::Partition", "aws"))
    for name, resource in template["Resources"].items():
        if resource["Type"] == "AWS::IAM::Role":
            yield name, f"arn:aws:iam::{account}:role/{name}"


def main() -> None:
    """Finish the API of the stack that has just been deployed into a local endpoint."""
    parser = argparse.ArgumentParser(prog="python -m infra.local_api", description="Finish the API's import.")
    parser.add_argument("outputs", type=Path, help="what `cdk deploy --outputs-file` has written")
    parser.add_argument("assembly", type=Path, nargs="?", default=Path("cdk.out"), help="what `cdk synth` has written")
    arguments = parser.parse_args()
    ((stack, outputs),) = json.loads(arguments.outputs.read_text()).items()
    template = json.loads((arguments.assembly / f"{stack}.template.json").read_text())
    api, _, region, *_ = urlsplit(outputs["ApiUrl"]).netloc.split(".")
    connect: Any = boto3.client  # the services' types are not installed
    account = connect("sts", region_name=region).get_caller_identity()["Account"]
    document = document_of(template, dict(_names(template, region, account)))
    methods = LocalApi(connect("apigateway", region_name=region), api, document).finish()
    print(f"{methods} methods are at {outputs['ApiUrl']}.")  # noqa: T201 -- its output


if __name__ == "__main__":
    main()
