"""The house keeps its shape: arrows run downward, random numbers have one source, the command starts fast."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HEAVY = {"jax", "matplotlib", "mesa", "scipy"}


def python(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run this Python in a process of its own."""
    return subprocess.run([sys.executable, *arguments], cwd=cwd, capture_output=True, text=True, check=False)


def lint_imports(cwd: Path) -> subprocess.CompletedProcess[str]:
    """Check the import contracts of the `sim` package and pyproject.toml in `cwd`."""
    return python("-c", "from importlinter.cli import lint_imports_command as c; c(['--no-cache'])", cwd=cwd)


def test_imports_keep_the_contracts():
    checked = lint_imports(ROOT)
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("errors", "import sim.engine", "Arrows run downward only"),
        ("helpers", "", "Arrows run downward only"),  # a module without a layer
        ("rules", "import jax", "Rules know neither Mesa nor JAX nor pandas"),
        ("engine", "import mesa", "Mesa is touched in model and agents only"),
    ],
)
def test_a_broken_contract_is_found(tmp_path, module, line, contract):
    package = tmp_path / "sim"
    package.mkdir()
    for name in ("__init__", "agents", "model", "engine", "rules", "errors"):
        (package / f"{name}.py").touch()
    (tmp_path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text())
    intact = lint_imports(tmp_path)
    assert intact.returncode == 0, intact.stdout + intact.stderr
    (package / f"{module}.py").write_text(f"{line}\n")
    broken = lint_imports(tmp_path)
    assert broken.returncode == 1
    assert f"{contract} BROKEN" in broken.stdout


@pytest.mark.parametrize(
    "line",
    ["import random", "from jax import random", "import numpy as np\n\nnp.random.rand()"],
)
def test_module_level_generators_are_refused(line):
    command = [sys.executable, "-m", "ruff", "check", "--quiet", "--select", "TID251,NPY002"]
    stdin_name = ["--stdin-filename", "sim/rules/example.py", "-"]
    checked = subprocess.run([*command, *stdin_name], cwd=ROOT, input=f"{line}\n", text=True, check=False)
    assert checked.returncode == 1


def test_the_command_starts_without_heavy_imports():
    script = f"import sys, sim.cli; print(sorted({HEAVY!r} & set(sys.modules)))"
    loaded = python("-c", script)
    assert loaded.stdout.strip() == "[]", loaded.stdout + loaded.stderr


def test_every_dependency_is_pinned_without_an_address():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    asked = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    lines = (ROOT / "requirements.lock").read_text().splitlines()
    pins = {line.split("==")[0] for line in lines if not line.startswith("#")}
    assert {re.split("[<>=[]", requirement)[0] for requirement in asked} <= pins
    assert not [line for line in lines if "/" in line or line.startswith("-")]
