"""Fetch what Solara's page loads, once, so that no request leaves the machine when the page is used.

Solara asks a public server for its JavaScript unless the files lie in a folder. ``make setup`` fills that
folder, ``sim/app/static/cdn``, from packages of fixed versions and known hashes, by means of npm; the wheel
carries it. Run by hand: ``python -m sim.app.assets``.
"""

import base64
import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

STATIC = Path(__file__).resolve().parent / "static"
FOLDER = STATIC / "cdn"
HINT = "install npm (it comes with Node.js) and run: python -m sim.app.assets"


@dataclass(frozen=True)
class Package:
    """A package of the npm registry: name, version, SHA-512 of its archive, and the files that are needed."""

    name: str
    version: str
    sha512: str
    files: tuple[str, ...]

    @property
    def folder(self) -> Path:
        """Where the page looks for its files."""
        return FOLDER / f"{self.name}@{self.version}"


# As named in solara's template solara.html.j2; its version is pinned in pyproject.toml for that reason.
PACKAGES = (
    Package(
        "@widgetti/solara-vuetify3-app",
        "5.2.0",
        "9UMyjf9KASR9PucZ7848upx1gqOqlUnG5Hh5or5CTaN/Um+AxAHQGwv8x4fFJzco/OaccsWdtsqb3bmYAnBo+Q==",
        (
            "dist/main8.css",
            "dist/fonts.css",
            "dist/solara-vuetify-app8.min.js",
            "dist/solara-vuetify-app8.min.js.LICENSE.txt",
            "dist/692.solara-vuetify-app8.min.js",
            "dist/872.solara-vuetify-app8.min.js",
            "dist/*.woff2",
        ),
    ),
    Package(
        "requirejs",
        "2.3.6",
        "ipEzlWQe6RK3jkzikgCupiTbTvm4S0/CAU5GlgptkN5SO6F3u0UD0K18wy6ErDqiCyP4J4YYe1HuAShvsxePLg==",
        ("require.js",),
    ),
)


class AssetError(RuntimeError):
    """Why the files could not be fetched, in one line."""


def missing() -> list[str]:
    """Files that the page needs and that are not there; empty if all is well."""
    named = [package.folder / name for package in PACKAGES for name in package.files if "*" not in name]
    return [str(path.relative_to(FOLDER)) for path in named if not path.is_file()]


def fetch() -> None:
    """Fetch all packages, whole or not at all.

    Raises:
        AssetError: npm is missing or fails, or an archive is not the one expected.
    """
    npm = shutil.which("npm")
    if npm is None:
        raise AssetError(f"npm was not found; {HINT}")
    STATIC.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=STATIC, prefix=".cdn-") as draft:
        for package in PACKAGES:
            _unpack(_archive(npm, package, Path(draft)), package, Path(draft) / "cdn")
        shutil.rmtree(FOLDER, ignore_errors=True)
        (Path(draft) / "cdn").rename(FOLDER)


def _archive(npm: str, package: Package, folder: Path) -> Path:
    """The archive as the registry has it, with its hash checked."""
    into = folder / package.version
    into.mkdir()
    command = [npm, "pack", f"{package.name}@{package.version}", "--pack-destination", str(into), "--silent"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=into)
    archives = list(into.glob("*.tgz"))
    if done.returncode or len(archives) != 1:
        reason = " ".join(done.stderr.split())[-300:] or "no archive came"
        raise AssetError(f"npm pack {package.name}@{package.version} failed ({reason})")
    found = base64.b64encode(hashlib.sha512(archives[0].read_bytes()).digest()).decode()
    if found != package.sha512:
        raise AssetError(f"{package.name}@{package.version}: its SHA-512 is not the one expected; not used")
    return archives[0]


def _unpack(archive: Path, package: Package, folder: Path) -> None:
    """The files that are needed, out of an archive."""
    goal = folder / package.folder.relative_to(FOLDER)
    with tarfile.open(archive) as tar:
        for member in tar.getmembers():
            path = Path(*Path(member.name).parts[1:])  # without the archive's own folder
            if not member.isfile() or not any(path.match(pattern) for pattern in package.files):
                continue
            (goal / path).parent.mkdir(parents=True, exist_ok=True)
            content = tar.extractfile(member)
            assert content is not None  # it is a file
            (goal / path).write_bytes(content.read())


def main() -> int:
    """Fetch what is missing."""
    if not missing():
        return 0
    try:
        fetch()
    except AssetError as error:
        print(f"holdfast app will not start: {error}", file=sys.stderr)
        return 1
    print(f"The page's files lie in {FOLDER}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
