"""What dbt works out again for each node is remembered: the same answers, sooner.

Remembered are the code of templates and what was found valid, from the first parse on (``remember``), and the macros
of a package within a process that compiles nodes one after the other (``one_by_one``). Whatever these short cuts do not
cover takes dbt's own way.
"""

from __future__ import annotations

import gc
import marshal
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import CodeType
from typing import Any, Final

import dbt.compilation
import jsonschema
from dbt.adapters.base.impl import BaseAdapter
from dbt.clients.jinja import MacroStack
from dbt.context.base import BaseContext
from dbt.context.macros import MacroNamespace
from dbt.context.manifest import ManifestContext
from dbt_common.clients.jinja import MacroFuzzEnvironment, NativeSandboxEnvironment
from dbt_common.dataclass_schema import dbtClassMixin
from jinja2 import Environment

_WITH: Final = re.compile(r"(?:\s|--[^\n]*\n)*with\s+(?!recursive\b|/)(?=[\w\"])", re.IGNORECASE)
_CHECKED_ALONE: Final = frozenset(
    {"$schema", "type", "title", "properties", "required", "additionalProperties"}
)
_SELDOM: Final = (100_000, 50, 50)
_MOST: Final = 200_000
"""How much is remembered at most, lest a process that watches a project for days grows."""


def remember() -> None:
    """Let dbt remember templates and what it has validated, in this process for good.

    Python also looks less often for what can be freed, since nearly all that a parse makes is there to stay.
    """
    gc.set_threshold(*_SELDOM)
    compile_once = _remembered(Environment.compile)
    for environment in (MacroFuzzEnvironment, NativeSandboxEnvironment):
        environment.compile = compile_once  # type: ignore[method-assign, assignment]
    validate: Any = dbtClassMixin.validate
    dbtClassMixin.validate = classmethod(_validating(validate.__func__))  # type: ignore[method-assign, assignment]


def _remembered(compile_it: Callable[..., CodeType | str]) -> Callable[..., CodeType | str]:
    """Templates of the same text are compiled once. dbt's environments of a class differ in what an undefined name
    does when a template is rendered, and in nothing that concerns its code."""
    known: dict[tuple[type[Environment], str], CodeType | str] = {}

    def compile_once(self: Environment, source: Any, *rest: Any, **options: Any) -> CodeType | str:
        if rest or options or not isinstance(source, str):
            return compile_it(self, source, *rest, **options)
        key = (type(self), source)
        if key not in known:
            if len(known) > _MOST:
                known.clear()
            known[key] = compile_it(self, source)
        return known[key]

    return compile_once


def _validating(validate: Callable[[type[Any], Any], None]) -> Callable[[type[Any], Any], None]:
    """Each property of an object is held against its schema once per value; dbt itself tells what is wrong."""
    properties = _Properties()

    def check(cls: type[Any], data: Any) -> None:
        if not properties.are_valid(cls, data):
            validate(cls, data)

    return check


class _Properties:
    """Values of properties that were found valid, by the class that declares them."""

    def __init__(self) -> None:
        self._known: set[tuple[type[Any], str, bytes]] = set()
        self._validators: dict[type[Any], Any] = {}

    def are_valid(self, cls: type[Any], data: Any) -> bool:
        """Whether ``data`` is known to hold; if not, it may still do."""
        if cls not in self._validators:
            self._validators[cls] = jsonschema.Draft7Validator(cls.json_schema())
        validator = self._validators[cls]
        schema = validator.schema
        if type(data) is not dict or schema.get("type") != "object" or schema.keys() - _CHECKED_ALONE:
            return False
        properties = schema.get("properties", {})
        if schema.get("additionalProperties", True) is not True and data.keys() - properties.keys():
            return False
        return data.keys() >= set(schema.get("required", ())) and all(
            self._is_valid(cls, name, value, validator) for name, value in data.items() if name in properties
        )

    def _is_valid(self, cls: type[Any], name: str, value: Any, validator: Any) -> bool:
        try:
            key = (cls, name, marshal.dumps(_plain(value), 2))
        except ValueError:
            return False
        if key in self._known:
            return True
        if next(iter(validator.descend(value, validator.schema["properties"][name])), None) is not None:
            return False
        if len(self._known) > _MOST:
            self._known.clear()
        self._known.add(key)
        return True


def _plain(value: Any) -> Any:
    """The value with plain texts for those of dbt's own types, which mean the same to a schema."""
    if isinstance(value, str):
        return str.__str__(value)
    if type(value) is list:
        return [_plain(one) for one in value]
    if type(value) is dict:
        return {_plain(name): _plain(one) for name, one in value.items()}
    return value


@contextmanager
def replaced(owner: object, name: str, value: object) -> Iterator[None]:
    """Let an attribute of dbt's be another for a while."""
    own, before = vars(owner).get(name, owner), getattr(owner, name)
    setattr(owner, name, value)
    try:
        yield
    finally:
        if own is owner:
            delattr(owner, name)
        else:
            setattr(owner, name, before)


@contextmanager
def one_by_one(adapter: BaseAdapter, lasting: set[tuple[str, str]]) -> Iterator[None]:
    """For a process that renders one node after the other, on relations ``lasting`` whose columns do not change."""
    macros = _Macros()
    execute, columns = adapter.execute_macro, _columns_once(adapter.get_columns_in_relation, lasting)

    def deeper(*args: Any, **options: Any) -> Any:
        with macros.deeper():
            return execute(*args, **options)

    with (
        replaced(ManifestContext, "_build_namespace", macros.namespace),
        replaced(ManifestContext, "to_dict", macros.to_dict),
        replaced(adapter, "execute_macro", deeper),
        replaced(adapter, "get_columns_in_relation", columns),
        replaced(dbt.compilation, "inject_ctes_into_sql", _injecting(dbt.compilation.inject_ctes_into_sql)),
    ):
        yield


class _Macros:
    """The macros that a node may call, made once for each package that calls, kind of context and depth of calls.

    dbt binds a macro to the context of its node. Here all nodes of a kind share one context, which is filled anew for
    each; so only one of them may be in use at a time.
    """

    def __init__(self) -> None:
        self._kept: dict[
            tuple[Any, ...], tuple[Any, dict[str, Any], MacroStack, MacroNamespace, dict[str, Any]]
        ] = {}
        self._depth = 0
        self._build = ManifestContext._build_namespace

    @contextmanager
    def deeper(self) -> Iterator[None]:
        """While a macro calls the adapter, which executes macros in turn."""
        self._depth += 1
        try:
            yield
        finally:
            self._depth -= 1

    @property
    def namespace(self) -> Callable[[ManifestContext], MacroNamespace]:
        """In place of ``ManifestContext._build_namespace``."""

        def namespace(context: ManifestContext) -> MacroNamespace:
            macros = context.manifest.macros
            key = (id(macros), type(context), context.search_package, self._depth)
            if key not in self._kept:
                made = self._build(context)
                self._kept[key] = (macros, context._ctx, context.macro_stack, made, dict(made))
            _, shared, stack, made, flat = self._kept[key]
            if shared is not context._ctx:
                shared.clear()
                shared.update(context._ctx)
                context._ctx = shared
            context.macro_stack = stack
            packages = {name: dict(names) for name, names in made.packages.items()}
            internal = dict(made.global_project_namespace)
            own = {
                name: value
                for name, value in {**packages, "dbt": internal}.items()
                if type(flat.get(name)) is dict
            }
            context._flat = {**flat, **own}  # type: ignore[attr-defined]
            return MacroNamespace(dict(made.global_namespace), dict(made.local_namespace), internal, packages)

        return namespace

    @property
    def to_dict(self) -> Callable[[ManifestContext], dict[str, Any]]:
        """In place of ``ManifestContext.to_dict``."""

        def to_dict(context: ManifestContext) -> dict[str, Any]:
            content = BaseContext.to_dict(context)
            content.update(context._flat)  # type: ignore[attr-defined]
            return content

        return to_dict


def _columns_once(look_up: Callable[[Any], Any], lasting: set[tuple[str, str]]) -> Callable[[Any], Any]:
    known: dict[tuple[str, str], Any] = {}

    def columns(relation: Any) -> Any:
        key = (getattr(relation, "schema", ""), getattr(relation, "identifier", ""))
        if key not in lasting:
            return look_up(relation)
        if key not in known:
            known[key] = look_up(relation)
        return known[key]

    return columns


def _injecting(inject: Callable[[str, list[Any]], str]) -> Callable[[str, list[Any]], str]:
    """CTEs are put behind the first word of a text that begins with "with"; dbt takes all of it apart for that."""

    def quickly(sql: str, ctes: list[Any]) -> str:
        begin = _WITH.match(sql)
        if begin is None or not ctes or ";" in sql:
            return inject(sql, ctes)
        return f"{sql[: begin.end()]}{', '.join(cte.sql for cte in ctes)}, {sql[begin.end() :]}"

    return quickly
