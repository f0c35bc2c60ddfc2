"""Record the messages that the tests of the page replay, from the server's own code.

python tests/app/front/record.py
"""

import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ARCHIVE = Path(__file__).with_name("syria-2024.zip")
BETTER_PAID = {"settings": {"conditions.syrian_government.pay_usd_month": 120}}
_STAMP = (2024, 11, 27, 0, 0, 0)


def record() -> None:
    """The untouched world whole, of the changed one the campaign alone."""
    with tempfile.TemporaryDirectory() as scratch:
        untouched, changed = Path(scratch, "untouched"), Path(scratch, "changed")
        request = Path(scratch, "request.json")
        request.write_text(json.dumps(BETTER_PAID), "utf-8")
        for folder, more in ((untouched, []), (changed, [request])):
            subprocess.run([sys.executable, "-m", "sim.app.dump", "syria-2024", folder, *more], check=True)
        with zipfile.ZipFile(ARCHIVE, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            files = [(path, path.name) for path in sorted(untouched.iterdir())]
            files += [(path, f"changed/{path.name}") for path in sorted(changed.glob("campaign.*"))]
            for path, name in files:
                archive.writestr(zipfile.ZipInfo(name, _STAMP), path.read_bytes(), zipfile.ZIP_DEFLATED)


if __name__ == "__main__":
    record()
