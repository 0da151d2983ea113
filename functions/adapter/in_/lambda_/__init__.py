"""Lambda: what every function's entry shares.

An environment starts by loading this. What it loads from here on stays as long as it lives, so the garbage collector,
which takes a tenth of a start, rests until :func:`end_start`.
"""

import gc
import os

__all__ = ["end_start"]

_IS_LAMBDA = "AWS_LAMBDA_FUNCTION_NAME" in os.environ

if _IS_LAMBDA:
    gc.disable()


def end_start() -> None:
    """Collect garbage from now on, and leave alone what is loaded."""
    if _IS_LAMBDA:
        gc.freeze()
        gc.enable()
