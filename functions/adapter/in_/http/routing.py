"""Which route a request is for: found in tables by its method and path, however many routes there are."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol

from functions.registry import Http


class Routed(Protocol):
    """What a method and a path lead to."""

    @property
    def trigger(self) -> Http:
        """Its method and path."""
        ...


class Found[R: Routed](NamedTuple):
    """A route, and what the path names."""

    route: R
    path: Mapping[str, str]


class RouteTable[R: Routed]:
    """The routes of an application. A path that is one by itself is never what a parameter stands for.

    Args:
        routes: the routes.
    """

    def __init__(self, routes: Iterable[R]) -> None:
        self._literal: dict[str, dict[str, R]] = {}
        self._shapes: dict[int, list[_Shape[R]]] = {}
        for route in routes:
            if "{" in route.trigger.path:
                self._shape_of(route.trigger.path).add(route)
            else:
                self._literal.setdefault(route.trigger.path, {})[route.trigger.method] = route

    def find(self, method: str, path: str) -> Found[R] | None:
        """The route for a request; None where there is none."""
        if (methods := self._literal.get(path)) is not None:
            return Found(methods[method], {}) if method in methods else None
        segments = path.split("/")
        for shape in self._shapes.get(len(segments), ()):
            if found := shape.find(method, segments):
                return found
        return None

    def _shape_of(self, path: str) -> "_Shape[R]":
        segments = path.split("/")
        places = tuple(place for place, segment in enumerate(segments) if segment.startswith("{"))
        shapes = self._shapes.setdefault(len(segments), [])
        if not any(shape.places == places for shape in shapes):
            shapes.append(_Shape(places))
        return next(shape for shape in shapes if shape.places == places)


class _Shape[R: Routed]:
    """The routes whose paths have their parameters at the same places.

    Args:
        places: which segments are parameters.
    """

    def __init__(self, places: tuple[int, ...]) -> None:
        self.places = places
        self._routes: dict[tuple[str, tuple[str, ...]], tuple[R, Sequence[str]]] = {}

    def add(self, route: R) -> None:
        """Take a route in."""
        segments = route.trigger.path.split("/")
        names = [segments[place].strip("{}") for place in self.places]
        self._routes[route.trigger.method, self._fixed(segments)] = (route, names)

    def find(self, method: str, segments: Sequence[str]) -> Found[R] | None:
        """The route for a request; None where there is none of this shape. No parameter is empty."""
        values = [segments[place] for place in self.places]
        known = self._routes.get((method, self._fixed(segments))) if all(values) else None
        return Found(known[0], dict(zip(known[1], values, strict=True))) if known else None

    def _fixed(self, segments: Sequence[str]) -> tuple[str, ...]:
        fixed = list(segments)
        for place in self.places:
            fixed[place] = ""
        return tuple(fixed)
