"""Comments under markets: the functions."""

from http import HTTPStatus

from functions.registry.triggers import CHANGE_RECORDS, READ_LISTS, Access, Function, Http, Who

SUBDOMAIN = "discussion"

FUNCTIONS: tuple[Function, ...] = (
    Function(
        "list_comments",
        SUBDOMAIN,
        Http("GET", "/v1/markets/{slug}/comments", Access.OPTIONAL, HTTPStatus.OK, "List its comments", "Comments"),
        READ_LISTS,
    ),
    Function(
        "post_comment",
        SUBDOMAIN,
        Http("POST", "/v1/markets/{slug}/comments", Access.ACCOUNT, HTTPStatus.CREATED, "Comment on it", "Comments"),
        CHANGE_RECORDS,
    ),
    Function(
        "delete_comment",
        SUBDOMAIN,
        Http(
            "DELETE",
            "/v1/markets/{slug}/comments/{id}",
            Access.ACCOUNT,
            HTTPStatus.NO_CONTENT,
            "Delete a comment",
            "Comments",
            who=Who.HOLDER_OR_ADMIN,
        ),
        {"core": frozenset({"BatchGetItem", "PutItem", "DeleteItem"})},
    ),
)
