"""A function with a form for each class of its first argument, like `functools.singledispatch`, for classes that have no heirs.

One look into a dict finds the form; `singledispatch` looks into a weak dict, through a wrapper, at several times the price, which
counts where a message meets three of them.
"""

from __future__ import annotations

import typing
from collections.abc import Callable
from typing import Any, Generic, TypeVar

R = TypeVar("R")


class ByType(Generic[R]):
    """The decorator of the form for all other classes; `register` decorates the others, which say their class by annotation."""

    def __init__(self, default: Callable[..., R]) -> None:
        self._default = default
        self._forms: dict[type, Callable[..., R]] = {}
        self.__doc__ = default.__doc__

    def register(self, form: Callable[..., R]) -> Callable[..., R]:
        """Add a form. The first annotation is a class, or a union of classes."""
        hints = typing.get_type_hints(form)
        first = hints[next(iter(hints))]
        for kind in typing.get_args(first) or (first,):
            if kind in self._forms:
                raise TypeError(f"{kind.__name__} has a form already")
            self._forms[kind] = form
        return form

    def __call__(self, first: Any, *rest: Any) -> R:
        return self._forms.get(type(first), self._default)(first, *rest)
