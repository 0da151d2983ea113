"""What ``cdk`` runs: the stack of this deployment, and the rules that it has to keep."""

import sys

import aws_cdk as cdk
from cdk_nag import AwsSolutionsChecks

from infra.acknowledgements import acknowledge
from infra.options import InvalidOptionError, Options
from infra.service_stack import ServiceStack


def build(app: cdk.App, options: Options) -> ServiceStack:
    """The stack, held to the rules of cdk-nag."""
    stack = ServiceStack(app, options)
    acknowledge(stack)
    cdk.Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    return stack


def main() -> None:
    """Synthesize what the context asks for."""
    app = cdk.App()
    try:
        options = Options.from_context(app.node.get_all_context())
        options.find_built()
    except InvalidOptionError as error:
        sys.exit(f"cdk.json, or -c on the command line: {error}")
    build(app, options)
    app.synth()


if __name__ == "__main__":
    main()
