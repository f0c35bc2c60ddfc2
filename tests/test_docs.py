"""Every Python block of the README and the docs runs, one after the other; docs/mesa.md is in test_model.

They run in an empty folder; a TOML block that begins with a comment `# NAME.toml` is that file there.
"""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = ("case", "rules", "results", "skill", "compare", "sweeps", "sensitivity")


@pytest.mark.slow
@pytest.mark.parametrize("page", ["README.md", *(f"docs/{name}.md" for name in PAGES)])
def test_blocks_run(page, capsys, tmp_path, monkeypatch):
    text = (ROOT / page).read_text("utf-8")
    monkeypatch.chdir(tmp_path)
    for block, name in re.findall(r"^```toml\n(# (\S+\.toml)\n.*?)^```", text, re.DOTALL | re.MULTILINE):
        Path(name).write_text(block, "utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    names = {"__name__": "page"}
    for block in blocks:
        exec(compile(block, page, "exec"), names)
    assert blocks
    assert "nan" not in capsys.readouterr().out


@pytest.mark.parametrize(
    "page", [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))], ids=lambda p: p.name
)
def test_links_lead_somewhere(page):
    text = page.read_text("utf-8")
    targets = [t for t in re.findall(r"\]\(([^)#]+)\)", text) if not t.startswith("http")]
    assert [t for t in targets if not (page.parent / t).exists()] == []
