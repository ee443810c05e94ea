"""brewhouse.toml and the environment, as one frozen object.

A variable ``BREWHOUSE_SIMULATE__SCALE=0.1`` overrides ``scale`` under ``[simulate]``.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import tomllib
from pathlib import Path
from typing import Any, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from pydantic_settings import SettingsError as EnvironmentVariableError

from brewhouse.errors import ProjectNotFoundError, SettingsError

FILE_NAME: Final = "brewhouse.toml"
POSTGRES_URL: Final = "BREWHOUSE_POSTGRES_URL"
"""The environment variable that holds the address of a PostgreSQL server, with the password."""

_PASSWORD: Final = re.compile(r"://[^/?#]*:[^/?#@]+@|[?&]password=", re.IGNORECASE)


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SimulateSettings(_Section):
    """``[simulate]``: which company to make."""

    scale: float = Field(
        1.0,
        gt=0,
        description="size: 1 is 20,000 accounts (saas), 10,000 users (sandbox) or 5,000 customers (commerce)",
    )
    seed: int = Field(42, ge=0, description="the same seed gives the same bytes")
    end: dt.date = Field(dt.date(2026, 6, 30), description="last day of the simulated window")
    days: int = Field(
        0, ge=0, description="length of the window in days; 0 is the company's own: 365 (sandbox) or 1096"
    )
    dirt: float = Field(1.0, description="0 clean, 1 the stated rates, up to 10 times as much")
    causes: dict[str, float] = Field(
        default_factory=dict,
        description="strength of a cause: 0 turns it off, 1 is as usual; see the company's page",
    )
    workers: int = Field(0, ge=0, description="processes; 0 takes as many as pay")


class LoadTableSettings(_Section):
    """``[load.tables.NAME]``: how new files of one raw table are taken."""

    mode: Literal["append", "merge"] = Field(
        "append", description="append keeps every row; merge replaces the rows of the same key"
    )
    key: tuple[str, ...] = Field((), description="columns of the key, for merge")

    @model_validator(mode="after")
    def _merge_needs_a_key(self) -> Self:
        if self.mode == "merge" and not self.key:
            msg = "mode merge needs a key, such as key = ['user_id']"
            raise ValueError(msg)
        return self


class LoadSettings(_Section):
    """``[load]``: raw tables that are not simply appended."""

    tables: dict[str, LoadTableSettings] = Field(default_factory=dict)


class SourceSettings(_Section):
    """``[sources.NAME]``: where the tables of one source system come from, and how often they are loaded."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    kind: Literal["simulated", "existing", "dlt"] = Field(
        "simulated",
        description="simulated; existing: tables that are in the warehouse already; dlt: fetched by a connector",
    )
    cadence: str | None = Field(
        None,
        pattern=r"^[1-9]\d*[mhd]$",
        description="how often `load --due` loads it, as 15m, 1h or 1d; null: as the source's yml says, else 1h",
    )
    schema_name: str | None = Field(
        None, alias="schema", description="existing: the schema that holds the tables"
    )
    tables: dict[str, str] = Field(
        default_factory=dict, description="existing: raw table = its name there, where that differs"
    )
    base_url: str | None = Field(
        None, pattern=r"^https?://", description="dlt: the API's address; null: the public one"
    )
    start: dt.date | None = Field(
        None, description="dlt: day from which records are fetched at first; null: all there are"
    )

    @model_validator(mode="after")
    def _existing_needs_a_schema(self) -> Self:
        if self.kind == "existing" and not self.schema_name:
            msg = "kind existing needs the schema that holds the tables, such as schema = 'stripe'"
            raise ValueError(msg)
        if self.schema_name in ("raw", "truth"):
            msg = f"the schema {self.schema_name} is Brewhouse's own: expected another one"
            raise ValueError(msg)
        return self


class EngineSettings(_Section):
    """``[engine]``: what DuckDB may use."""

    memory_limit: str = Field(
        "1GB",
        pattern=r"^\d+(\.\d+)?\s*[KMGT]i?B$",
        description="most memory that DuckDB takes before it spills",
    )
    threads: int = Field(0, ge=0, description="0 takes as many as there are processors")


class PostgresSettings(_Section):
    """``[postgres]``: the server of a project with ``target = "postgres"``."""

    url: str = Field(
        "",
        description="postgresql://USER@HOST:5432/DATABASE, without a password; empty: an embedded server. "
        "BREWHOUSE_POSTGRES_URL goes before it, and may hold the password",
    )


class PublishSettings(_Section):
    """``[publish]``: what is kept of former builds."""

    keep: int = Field(2, ge=1, description="published snapshots that stay on disk")


class ParitySettings(_Section):
    """``[parity]``: how the warehouse is compared with the project."""

    ignore: tuple[str, ...] = Field(
        (),
        description="patterns of relations (schema.name) that are nobody's business, besides those always known",
    )


class Settings(BaseSettings):
    """Everything that a project can set."""

    model_config = SettingsConfigDict(
        frozen=True, extra="forbid", env_prefix="BREWHOUSE_", env_nested_delimiter="__"
    )

    blueprint: str = "sandbox"
    target: str = "duckdb"
    simulate: SimulateSettings = Field(default_factory=SimulateSettings)
    load: LoadSettings = Field(default_factory=LoadSettings)
    sources: dict[str, SourceSettings] = Field(default_factory=dict)
    engine: EngineSettings = Field(default_factory=EngineSettings)
    postgres: PostgresSettings = Field(default_factory=PostgresSettings)
    publish: PublishSettings = Field(default_factory=PublishSettings)
    parity: ParitySettings = Field(default_factory=ParitySettings)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment goes before the file."""
        return env_settings, init_settings


def load_settings(folder: Path) -> Settings:
    """Read ``folder``/brewhouse.toml; raises ``ProjectNotFoundError`` or ``SettingsError``."""
    path = folder / FILE_NAME
    try:
        content: dict[str, Any] = tomllib.loads(path.read_text())
    except (FileNotFoundError, NotADirectoryError):
        raise ProjectNotFoundError(path=folder) from None
    except OSError as error:
        raise SettingsError(path=path, problem=f"can't be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(path=path, problem=f"is no valid TOML: {error}") from error
    _without_password(path, content)
    try:
        settings = Settings(**content)
    except EnvironmentVariableError as error:
        raise SettingsError(path="the environment", problem=f"a BREWHOUSE_ variable: {error}") from error
    except ValidationError as error:
        raise SettingsError(path=path, problem=_problems(error)) from error
    url = os.environ.get(POSTGRES_URL, "").strip()
    return settings.model_copy(update={"postgres": PostgresSettings(url=url)}) if url else settings


def _without_password(path: Path, content: dict[str, Any]) -> None:
    """A password in a file that is committed is refused, and not shown."""
    section = content.get("postgres")
    url = section.get("url") if isinstance(section, dict) else None
    if isinstance(url, str) and _PASSWORD.search(url):
        problem = f"postgres.url holds a password: expected it in {POSTGRES_URL}, PGPASSWORD or ~/.pgpass"
        raise SettingsError(path=path, problem=problem)


def _problems(error: ValidationError) -> str:
    """Each wrong setting by its dotted name, what it holds, and what was expected."""
    parts = []
    for problem in error.errors():
        name = ".".join(str(part) for part in problem["loc"])
        if problem["type"] == "extra_forbidden":
            parts.append(f"there is no setting '{name}'")
        else:
            parts.append(f"{name} = {problem['input']!r}: {problem['msg'].lower()}")
    return "; ".join(parts)
