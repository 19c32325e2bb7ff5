"""Build the wheel, install it outside the checkout, and run its commands there: ``make wheels``.

``python tests/wheels.py [--each] [VERSION ...]`` takes versions of Python, by default 3.11 to 3.14. Each that
this machine has runs the commands of the core and of all extras; with ``--each`` the first of them also those
of each extra alone. Exit code 1: a command failed. A version that is not found is named, and is no failure.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent
EACH = "--each"
VERSIONS = ("3.11", "3.12", "3.13", "3.14")
BROKEN, FINE, ABSENT = "failed", "works", "no such Python here"

sys.path.insert(0, str(HERE))
from cli.extras_at_work import AT_WORK, Command, Extras, write_inputs  # noqa: E402 (after its folder is named)


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def environment() -> dict[str, str]:
    """Environment variables without the checkout."""
    left_out = ("PYTHONPATH", "SOGDIA_STORE", "SOGDIA_CACHE", "VIRTUAL_ENV")
    return {key: value for key, value in os.environ.items() if key not in left_out}


def uv(*words: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "uv", *map(str, words)]
    return subprocess.run(command, check=False, capture_output=True, encoding="utf-8", env=environment())


def interpreter(version: str) -> Path | None:
    """Return a Python of the version that starts, on the path, of pyenv or of uv."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    places = [shutil.which(f"python{version}"), *sorted(pyenv.glob(f"{version}.*/bin/python{version}"))]
    places.append(uv("python", "find", "--no-project", "--managed-python", version).stdout.strip())
    for place in (each for each in places if each):
        tried = subprocess.run([place, "-c", "import venv"], check=False, capture_output=True)
        if tried.returncode == 0:
            return Path(place)
    return None


def build(folder: Path) -> Path:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
    (wheel,) = folder.glob("*.whl")
    return wheel


def failures(python: Path, wheel: Path, extras: Extras, commands: list[Command], inputs: Path) -> list[str]:
    """Install the wheel with extras into an empty environment; return what failed there."""
    with tempfile.TemporaryDirectory(prefix="wheel-") as name:
        folder, target = Path(name), Path(name) / "env"
        if (tried := uv("venv", "--python", python, target)).returncode:
            return [tried.stderr]
        binary = target / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
        named = f"{wheel}[{','.join(extras)}]" if extras else str(wheel)
        locked = ROOT / "requirements.lock"
        installed = uv("pip", "install", "--python", binary, "--constraint", locked, named)
        if installed.returncode:
            return [installed.stderr]
        work = shutil.copytree(inputs, folder / "work")
        command = [str(binary), str(HERE / "cli" / "without_libraries.py"), "", json.dumps(commands)]
        ended = subprocess.run(
            command, cwd=work, check=False, capture_output=True, encoding="utf-8", env=environment()
        )
        if ended.returncode:
            return [ended.stderr]
        results = json.loads(ended.stdout)
        return [f"{' '.join(each['words'])}: {each['err']}" for each in results if each["code"]]


def main(words: list[str]) -> int:
    versions = [word for word in words if word != EACH] or list(VERSIONS)
    every = [command for commands in AT_WORK.values() for command in commands]
    exit_code, has_each = 0, EACH not in words
    with tempfile.TemporaryDirectory(prefix="wheels-") as name:
        folder = Path(name)
        wheel = build(folder / "dist")
        (folder / "inputs").mkdir()
        inputs = write_inputs(folder / "inputs", HERE / "packs" / "isles")
        for version in versions:
            python = interpreter(version)
            if python is None:
                say(f"{version:<6}{'':<16}{ABSENT}")
                continue
            alone = {
                extras: list(commands) for extras, commands in AT_WORK.items() if not (has_each and extras)
            }
            for extras, commands in {**alone, ("all",): every}.items():
                found = failures(python, wheel, extras, commands, inputs)
                exit_code |= bool(found)
                count = f"{len(commands)} commands" if not found else "; ".join(found)
                say(f"{version:<6}{'+'.join(extras) or 'core':<16}{BROKEN if found else FINE:<8}{count}")
            has_each = True
    return exit_code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
