"""The page on this machine: slider to new campaign on the screen, and frames a second.

    python benchmarks/page.py [--moves 20]

Starts ``holdfast app`` on a free port, opens it in headless Chromium and moves the lever of pay. Browser,
driver and server share this machine's cores. Waits a minute for the server to compile the other scenarios.
"""

import argparse
import shutil
import statistics
import time

from playwright.sync_api import Page, sync_playwright
from serving import serving

WARM_UP_MS = 60_000
PAY = "conditions.syrian_government.pay_usd_month"

# Release of the slider -> the campaign is in the store and two frames have been drawn since.
MOVE = """
([key, share]) => new Promise((done) => {
  const slider = document.querySelector(`[data-testid="lever-${key}"]`);
  const root = document.querySelector(".hf");
  slider.value = Number(slider.max) * share;
  slider.dispatchEvent(new Event("input", { bubbles: true }));
  const began = performance.now();
  slider.dispatchEvent(new Event("change", { bubbles: true }));
  const look = () => root.classList.contains("working") ? setTimeout(look, 1)
    : requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - began)));
  look();
})
"""

FRAMES = """
(seconds) => new Promise((done) => {
  const times = [];
  const step = (now) => {
    times.push(now);
    if (now - times[0] < seconds * 1000) requestAnimationFrame(step);
    else done(times);
  };
  requestAnimationFrame(step);
})
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--moves", type=int, default=20)
    moves = parser.parse_args().moves
    with serving() as (address, _), sync_playwright() as playwright:
        chromium = shutil.which("chromium") or shutil.which("google-chrome")
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        page.goto(address)
        page.wait_for_selector('[data-testid="map"]')
        page.wait_for_timeout(WARM_UP_MS)
        _measure(page, moves)
        browser.close()


def _measure(page: Page, moves: int) -> None:
    waits = sorted(page.evaluate(MOVE, [PAY, 0.1 + 0.8 * n / moves]) for n in range(1, moves + 1))
    page.get_by_test_id("speed").select_option("1")
    page.get_by_test_id("play").click()
    times = page.evaluate(FRAMES, 8)
    gaps = sorted(b - a for a, b in zip(times, times[1:], strict=False))
    slow = waits[int(0.95 * (moves - 1))]
    print(f"slider to screen, ms: median {statistics.median(waits):.0f}, p95 {slow:.0f}")
    print(
        f"playing, frames a second: mean {1000 / statistics.mean(gaps):.0f}, "
        f"of the slowest 5 %: {1000 / gaps[int(0.95 * (len(gaps) - 1))]:.0f}"
    )

    page.get_by_test_id("play").click()
    page.get_by_test_id("tab-ensemble").click()
    began = time.perf_counter()
    page.get_by_test_id("ensemble").click()
    page.get_by_test_id("ensemble-progress").wait_for(state="visible")
    page.get_by_test_id("ensemble-progress").wait_for(state="hidden")
    print(f"200 runs, s: {time.perf_counter() - began:.1f}")


if __name__ == "__main__":
    main()
