"""Bring `.venv` to what pyproject.toml asks for, pinned by constraints.txt.

    python scripts/install.py run     what the site needs
    python scripts/install.py test    and the real engine and the test tools
    python scripts/install.py dev     and the linters

Uses the standard library only, because nothing is installed yet. What was installed is noted in
`.venv/installed.json`, so that a second start costs nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
CONSTRAINTS = ROOT / "constraints.txt"
STAMP = VENV / "installed.json"
# What an installation takes on disk, rounded up: measured 0.4 GB and 2.1 GB (CPU build of torch).
SPACE_GB = {"run": 0.7, "test": 3.0, "dev": 3.2}


def main(purpose: str) -> None:
    """Install what `purpose` needs, unless it is there already."""
    _require_python()
    wanted = _requirements(purpose)
    if _installed(wanted):
        return
    _require_space(SPACE_GB[purpose])
    _make_environment()
    print(f"Installing {len(wanted)} packages and what they need. The first time takes a while ...")
    pip = [str(VENV / "bin" / "python"), "-m", "pip", "install", "--quiet"]
    done = subprocess.run(
        [*pip, "--disable-pip-version-check", "--constraint", str(CONSTRAINTS), *wanted],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(
            f"{done.stdout}\nInstalling the packages failed; pip's words are above. It speaks of "
            "conflicts also when it cannot reach the package index. In that case connect to the "
            "internet or name a mirror, for example\n"
            "  export PIP_INDEX_URL=https://mirror.example/simple\nand run the command again."
        )
    note = {"python": sys.version, "constraints": _digest(), "requirements": wanted}
    STAMP.write_text(json.dumps(note, indent=1), encoding="utf-8")


def _require_python() -> None:
    if not (3, 11) <= sys.version_info[:2] <= (3, 12):
        sys.exit(f"Atelier needs Python 3.11 or 3.12; this is {sys.version.split()[0]}.")
    try:
        import ensurepip  # noqa: F401  # Debian ships it apart, and without it no pip
        import venv  # noqa: F401
    except ImportError:
        version = "{}.{}".format(*sys.version_info[:2])
        sys.exit(
            f"This Python has no module to make virtual environments. Install it, for example\n"
            f"  apt install python{version}-venv\nand run the command again."
        )


def _requirements(purpose: str) -> list[str]:
    import tomllib  # not in the Pythons that `_require_python` turns away

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = {"run": [], "test": ["gpu", "test"], "dev": ["gpu", "test", "dev"]}[purpose]
    if os.environ.get("ATELIER_MODEL_DIR") and "gpu" not in extras:
        extras.append("gpu")
    if not (os.environ.get("REDIS_URL") or shutil.which("redis-server")):
        extras.append("embedded")
    optional = project["optional-dependencies"]
    return sorted(
        {*project["dependencies"], *(name for extra in extras for name in optional[extra])}
    )


def _installed(wanted: list[str]) -> bool:
    try:
        note = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return (
        note["python"] == sys.version
        and note["constraints"] == _digest()
        and set(wanted) <= set(note["requirements"])
    )


def _digest() -> str:
    return hashlib.sha256(CONSTRAINTS.read_bytes()).hexdigest()


def _require_space(gigabytes: float) -> None:
    free = shutil.disk_usage(ROOT).free / 1e9
    if free < gigabytes:
        sys.exit(
            f"The disk of {ROOT} has {free:.1f} GB free; the installation needs about "
            f"{gigabytes:.1f} GB. Free some space and run the command again."
        )


def _make_environment() -> None:
    python = VENV / "bin" / "python"
    if not python.exists():
        print("Making the virtual environment in .venv ...")
        subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)
    if subprocess.run(
        [str(python), "-m", "pip", "--version"], capture_output=True, check=False
    ).returncode:
        sys.exit("The virtual environment in .venv is broken. Delete that directory and run again.")


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in SPACE_GB:
        sys.exit(__doc__)
    main(sys.argv[1])
