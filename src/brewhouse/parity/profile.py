"""Which warehouse a dbt project speaks of: profiles.yml, read as dbt reads it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from brewhouse.errors import ProfileError, WarehouseUrlError
from brewhouse.parity.yaml_files import read_yaml

FILE: Final = "profiles.yml"
_FOLDER: Final = "DBT_PROFILES_DIR"
_DUCKDB: Final = "duckdb:///"
_POSTGRES: Final = ("postgresql://", "postgres://")


@dataclass(frozen=True, slots=True)
class Warehouse:
    """Where to ask: files of DuckDB, or a server."""

    files: Mapping[str, Path]
    """By the name of the database; one without a name gets the one that the project has, or else its own."""
    url: str = ""
    """Of a PostgreSQL server."""

    def __str__(self) -> str:
        return _shown(self.url) if self.url else ", ".join(str(path) for path in self.files.values())


def warehouse_at(url: str) -> Warehouse:
    """Of ``duckdb:///PATH`` (a fourth slash makes it absolute) or ``postgresql://…``; raises ``WarehouseUrlError``."""
    if url.startswith(_POSTGRES):
        return Warehouse({}, url)
    path = url.removeprefix(_DUCKDB)
    if path == url or not path:
        raise WarehouseUrlError(url=_shown(url))
    return Warehouse({"": Path(path)})


def warehouse_of(project_dir: Path, target: str | None = None) -> Warehouse:
    """The one of the project's profile; ``target``: another output of it. Raises ``ProfileError``."""
    project = _yaml(project_dir / "dbt_project.yml", "the project's settings")
    path = _profiles(project_dir)
    name = str(project.get("profile") or "")
    profile = _yaml(path, "profiles").get(name)
    if not isinstance(profile, dict):
        raise ProfileError(path=path, problem=f"has no profile '{name}', which the project names")
    outputs = profile.get("outputs") or {}
    wanted = target or str(_rendered(path, profile.get("target") or "default"))
    output = outputs.get(wanted)
    if not isinstance(output, dict):
        known = ", ".join(map(str, outputs)) or "none"
        raise ProfileError(path=path, problem=f"has no target '{wanted}' in {name}: there are {known}")
    return _warehouse({key: _rendered(path, value) for key, value in output.items()}, project_dir, path)


def _warehouse(output: Mapping[str, Any], project_dir: Path, path: Path) -> Warehouse:
    kind = output.get("type")
    if kind == "duckdb":
        files = {str(output.get("database") or ""): project_dir / str(output.get("path") or ":memory:")}
        for one in output.get("attach") or ():
            place = Path(str(one["path"]))
            files[str(one.get("alias") or place.stem)] = project_dir / place
        return Warehouse(files)
    if kind == "postgres":
        from brewhouse.warehouse.postgres.connection import make_url

        url = make_url(
            user=str(output.get("user") or ""),
            password=str(output.get("password") or output.get("pass") or ""),
            host=str(output.get("host") or "localhost"),
            database=str(output.get("dbname") or output.get("database") or ""),
            port=int(output.get("port") or 5432),
        )
        if mode := output.get("sslmode"):
            url += f"{'&' if '?' in url else '?'}sslmode={mode}"
        return Warehouse({}, url)
    raise ProfileError(
        path=path, problem=f"the target is of type {kind}: from the command line, expected duckdb or postgres"
    )


def _profiles(project_dir: Path) -> Path:
    """Where dbt looks: its variable, the project's folder, the home folder."""
    given = os.environ.get(_FOLDER)
    places = [Path(given) if given else project_dir, Path.home() / ".dbt"]
    return next((place / FILE for place in places if (place / FILE).is_file()), places[0] / FILE)


def _yaml(path: Path, what: str) -> dict[str, Any]:
    try:
        return read_yaml(path)
    except FileNotFoundError:
        raise ProfileError(path=path, problem=f"does not exist: expected {what} of a dbt project") from None
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise ProfileError(path=path, problem=f"can't be read: {' '.join(str(error).split())}") from error


def _shown(url: str) -> str:
    """Without a password."""
    from brewhouse.warehouse.postgres.connection import shown

    return shown(url)


def _env_var(name: str, default: str | None = None) -> str:
    value = os.environ.get(name, default)
    if value is None:
        raise LookupError(f"the environment variable {name} is not set")
    return value


def _rendered(path: Path, value: Any) -> Any:
    """A value with its templates filled in; ``env_var`` is what a profile may call."""
    if isinstance(value, list):
        return [_rendered(path, one) for one in value]
    if isinstance(value, dict):
        return {key: _rendered(path, one) for key, one in value.items()}
    if not isinstance(value, str) or "{" not in value:
        return value
    import jinja2

    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False)  # noqa: S701  # no HTML
    environment.filters.update(as_number=str, as_text=str, as_bool=str, as_native=str)
    try:
        return environment.from_string(value).render(env_var=_env_var)
    except (jinja2.TemplateError, LookupError) as error:
        raise ProfileError(path=path, problem=f"{value}: {error}") from error
