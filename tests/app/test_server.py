"""The server from outside, over real websockets: sessions, passwords, files for the command line."""

import asyncio
import contextlib
import io
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from served import serving

from sim import open_result
from sim.app.client import Client, Refused

pytestmark = pytest.mark.slow
ASKED = {"scenario": "syria-2024", "seed": 11}
PAY = "conditions.syrian_government.pay_usd_month"
PASSWORD = "a class of forty"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving("--sessions", "3", password=PASSWORD) as where:
        yield where


def talk(address: str, conversation: Any) -> Any:
    async def whole() -> Any:
        async with Client(address, PASSWORD) as client:
            return await conversation(client)

    return asyncio.run(whole())


def test_sessions_do_not_see_each_other_and_the_class_has_a_size(address: str) -> None:
    async def class_of_three() -> None:
        async with contextlib.AsyncExitStack() as stack:
            one, two, _ = [await stack.enter_async_context(Client(address, PASSWORD)) for _ in range(3)]
            await one.campaign(ASKED)
            await two.campaign(ASKED)
            changed, _, _ = await one.campaign(ASKED | {"settings": {PAY: 300.0}})
            again, _, _ = await two.campaign(ASKED)
            assert changed["summary"] != again["summary"] and "settings" not in again["request"]
            await two.campaign({"scenario": "afghanistan-2021", "seed": 1})
            assert two.traits["geo"]["case"] == "afghanistan-2021"
            assert one.traits["geo"]["case"] == "syria-2024"
            with pytest.raises(Refused, match="503"):
                await stack.enter_async_context(Client(address, PASSWORD))

    asyncio.run(class_of_three())


def test_nobody_comes_in_without_the_password(address: str) -> None:
    for password in (None, "wrong password"):
        with pytest.raises(Refused, match="401"):
            asyncio.run(Client(address, password).__aenter__())


def test_a_scenario_file_gives_the_same_campaign_on_the_command_line(address: str, tmp_path: Path) -> None:
    ours = {"faction": "syrian_government"}
    events = [
        {"id": "help", "kind": "reinforcement", "day": 4, "place": "hama", "soldiers": 2500} | ours,
        {"id": "hold", "kind": "order_hold", "day": 2, "place": "all"} | ours,
    ]
    request = ASKED | {"settings": {PAY: 111.0, "morale_news": 0.2}, "events": events}

    async def files(client: Client) -> dict[str, bytes]:
        found = {}
        for what in ("scenario", "csv", "parquet"):
            await client.ask("download", request=request, what=what)
            content, buffers = await client.answer("file", "problem")
            assert content["kind"] == "file", content
            found[what] = buffers[0]
        return found

    found = talk(address, files)
    file, out = tmp_path / "mine.toml", tmp_path / "out"
    file.write_bytes(found["scenario"])
    arguments = ["run", str(file), "--runs", "1", "--seed", "11", "--no-report", "--out", str(out)]
    command = [sys.executable, "-c", "from sim.cli import main; main()", *arguments]
    subprocess.run(command, check=True, capture_output=True)
    for name, table in open_result(out).tables.items():
        told = pd.read_parquet(unzipped(found["parquet"], f"{name}.parquet"))
        assert list(told) == list(table) and len(told) == len(table)
        assert [c for c in table if not told[c].astype(object).equals(table[c].astype(object))] == []
        written = pd.read_csv(unzipped(found["csv"], f"{name}.csv"))
        assert list(written) == list(table) and len(written) == len(table)
        for column in table.select_dtypes("number"):
            read = written[column].to_numpy(table[column].dtype)
            assert np.array_equal(read, table[column].to_numpy(), equal_nan=True), (name, column)


def unzipped(archive: bytes, name: str) -> io.BytesIO:
    with zipfile.ZipFile(io.BytesIO(archive)) as files:
        return io.BytesIO(files.read(name))


def test_an_ensemble_comes_with_its_progress(address: str) -> None:
    async def ensemble(client: Client) -> list[dict[str, Any]]:
        await client.ask("ensemble", request=ASKED, runs=20)
        seen = []
        while not seen or seen[-1]["kind"] == "progress":
            seen.append((await client.answer("progress", "ensemble", "problem"))[0])
        return seen

    seen = talk(address, ensemble)
    assert seen[-1]["kind"] == "ensemble" and seen[-1]["runs"] == 20
    done = [step["done"] for step in seen[:-1]]
    assert done == sorted(done) and done[-1] == 20 and len(done) > 1
