"""The wheel, built from what the container's image is built from, holds all that is no code."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Iterator
from email import message_from_bytes
from fnmatch import fnmatch
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from bot.storage import schema

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("bot", "slack_sandbox", "advocacy_demo", "advocacy_simulation")
SHIPPED = ("alembic.ini", "manifest.json", "migrations", "tests/golden")
CACHES = (".git", "__pycache__", ".*_cache", ".hypothesis", "dist")


def files_below(folder: Path) -> Iterator[Path]:
    for file in folder.rglob("*"):
        if file.is_file() and "__pycache__" not in file.parts:
            yield file


def copy_without_what_docker_ignores(target: Path) -> None:
    lines = (ROOT / ".dockerignore").read_text().split()
    kept = [line.removeprefix("!") for line in lines if line.startswith("!")]

    def matches(path: str, pattern: str) -> bool:
        return path.count("/") == pattern.count("/") and fnmatch(path, pattern)

    def ignored(folder: str, names: list[str]) -> set[str]:
        paths = {name: (Path(folder) / name).relative_to(ROOT).as_posix() for name in names}
        return {
            name
            for name, path in paths.items()
            if path not in kept and any(matches(path, line) for line in lines)
        } | {name for name in names for cache in CACHES if fnmatch(name, cache)}

    shutil.copytree(ROOT, target, ignore=ignored)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    copy_without_what_docker_ignores(folder / "source")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=folder / "source", check=True, capture_output=True)
    [file] = folder.glob("*.whl")
    return zipfile.ZipFile(file)


def test_every_file_of_the_program_is_in_it(wheel: zipfile.ZipFile) -> None:
    packed = {ROOT / name: name for name in wheel.namelist()}
    for package in PACKAGES:
        assert set(files_below(ROOT / package)) <= packed.keys()
    for name in SHIPPED:
        path = ROOT / name
        for file in files_below(path) if path.is_dir() else [path]:
            inside = f"bot/shipped_files/{file.relative_to(ROOT).as_posix()}"
            assert wheel.read(inside) == file.read_bytes()


def test_what_it_imports_is_what_it_asks_for(wheel: zipfile.ZipFile) -> None:
    metadata = next(name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
    asked = message_from_bytes(wheel.read(metadata)).get_all("Requires-Dist", [])
    wanted = [Requirement(each) for each in asked if "extra ==" not in each]
    names = {canonicalize_name(each.name) for each in wanted}
    homes = packages_distributions()
    imported = {
        canonicalize_name(home)
        for name in wheel.namelist()
        if name.endswith(".py")
        for module in imports(wheel.read(name))
        for home in homes.get(module, ())
    }
    # Bolt brings Slack's client, and the driver of PostgreSQL is loaded for that alone.
    assert imported - names == {"slack-sdk", "psycopg"}


def imports(source: bytes) -> Iterator[str]:
    """The first names of all modules that a source imports, wherever in it."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (each.name.partition(".")[0] for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def test_its_command_works_in_an_environment_of_its_own(
    wheel: zipfile.ZipFile, tmp_path: Path
) -> None:
    """What it asks for is taken from the tests' environment: that takes no network."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "venv"], check=True)
    [place] = (tmp_path / "venv" / "lib").glob("python*/site-packages")
    (place / "others.pth").write_text(sysconfig.get_paths()["purelib"])
    python = tmp_path / "venv" / "bin" / "python"
    install = ["uv", "pip", "install", "-q", "--offline", "--no-deps", "--python", str(python)]
    subprocess.run([sys.executable, "-m", *install, str(wheel.filename)], check=True)
    empty = tmp_path / "empty"
    empty.mkdir()

    def say(*words: str) -> str:
        command = [str(python.with_name("advocacy")), *words]
        environ = {**os.environ, "DATABASE_URL": "", "PYTHONPATH": ""}
        ran = subprocess.run(command, cwd=empty, env=environ, capture_output=True, text=True)
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    assert schema.head() in say("--version")
    assert "--migrate" in say("run", "--help")
    say("migrate")
    assert [file.name for file in empty.iterdir()] == ["advocacy.db"]


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not here")
def test_its_version_names_the_commit(tmp_path: Path) -> None:
    for name in ("pyproject.toml", "tools/version.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)

    def say(*command: str) -> str:
        return subprocess.run(
            command, cwd=tmp_path, check=True, capture_output=True, text=True
        ).stdout.strip()

    asked = (sys.executable, "-m", "hatchling", "version")
    number = say(*asked)
    assert re.fullmatch(r"[0-9.]+", number), "no commit is known"
    say("git", "init")
    say("git", "add", ".")
    say("git", "-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "-m", "One.")
    commit = say("git", "rev-parse", "--short", "HEAD")
    assert say(*asked) == f"{number}+g{commit}"
    with (tmp_path / "pyproject.toml").open("a") as file:
        file.write("\n")
    assert say(*asked) == f"{number}+g{commit}.dirty"
