"""The bundle that the wheel carries: small, from these sources, with its licences; and its parts tested."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

FRONT = Path(__file__).parents[3] / "sim" / "app" / "front"
STATIC = FRONT.parent / "static"


def run(*command, **options):
    return subprocess.run(command, cwd=FRONT, capture_output=True, text=True, timeout=300, **options)


def test_the_bundle_is_small_and_fetches_nothing():
    script = (STATIC / "view.js").read_text("utf-8")
    assert len(script.encode()) < 200_000
    addresses = {a for a in re.findall(r"https?://[\w./-]+", script) if "www.w3.org" not in a}
    assert addresses == set()
    assert "url(" not in (STATIC / "view.css").read_text("utf-8")
    assert "@import" not in (STATIC / "view.css").read_text("utf-8")


def test_licences_of_all_that_is_bundled():
    lock = (FRONT / "package-lock.json").read_text("utf-8")
    assert "resolved" not in lock
    bundled = set(re.findall(r'"node_modules/(d3-[a-z-]+|internmap)"', lock))
    notices = (STATIC / "view.licences.txt").read_text("utf-8")
    assert bundled == set(re.findall(r"^(d3-[a-z-]+|internmap) [\d.]+$", notices, re.MULTILINE))


@pytest.mark.skipif(not shutil.which("node"), reason="needs Node.js")
def test_parts_of_the_page():
    done = run("node", "--test")
    assert done.returncode == 0, done.stdout
    assert int(re.search(r"# pass (\d+)", done.stdout).group(1)) > 25


@pytest.mark.skipif(not (FRONT / "node_modules").is_dir(), reason="needs `npm ci` in sim/app/front")
def test_the_bundle_is_built_from_these_sources(tmp_path):
    done = run("node", "build.mjs", env={**os.environ, "OUT": f"{tmp_path}/"})
    assert done.returncode == 0, done.stderr
    for name in ("view.js", "view.css", "view.licences.txt"):
        assert (tmp_path / name).read_bytes() == (STATIC / name).read_bytes(), f"{name}: run `npm run build`"
