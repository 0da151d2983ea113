"""/metaculus/api: every address, and what answers there."""

from http import HTTPStatus

from functions.adapter.in_.metaculus.use_cases import MetaculusUseCases
from functions.adapter.in_.surface.application import Answer, Operation
from functions.api.metaculus.metaculus.forecasting import Forecasting
from functions.api.metaculus.metaculus.posts import Posts
from functions.registry import Access, Http

_TAG = "Metaculus"


def operations(use_cases: MetaculusUseCases) -> list[Operation]:
    """Every address, with the slash at its end and without."""
    posts = Posts(use_cases)
    forecasting = Forecasting(use_cases, posts)
    return [
        *_read("/posts", posts.list_posts, "List posts"),
        *_read("/posts/{id}", posts.get_post, "Read a post"),
        *_write("/questions/forecast", forecasting.forecast, "Forecast questions"),
        *_write("/comments/create", forecasting.comment, "Comment on a post"),
    ]


def _read(path: str, answer: Answer, summary: str) -> list[Operation]:
    paths = (path, f"{path}/")
    return [Operation(Http("GET", each, Access.OPTIONAL, HTTPStatus.OK, summary, _TAG), answer) for each in paths]


def _write(path: str, answer: Answer, summary: str) -> list[Operation]:
    paths = (path, f"{path}/")
    return [Operation(Http("POST", each, Access.ACCOUNT, HTTPStatus.CREATED, summary, _TAG), answer) for each in paths]
