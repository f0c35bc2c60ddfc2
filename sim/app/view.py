"""The widget: the browser side of the page, and the desk that answers it. Works in a notebook too."""

import functools
import threading
from typing import Any

import anywidget
import traitlets

from sim.app.assets import STATIC
from sim.app.campaign import simulate
from sim.app.desk import Desk
from sim.app.geo import geography
from sim.app.levers import levers
from sim.app.memory import give_back
from sim.app.messages import campaign_message
from sim.app.options import FIRST_SCENARIO, FIRST_SEED, options
from sim.app.pool import Pool
from sim.app.request import Request, read_request
from sim.app.store import Store
from sim.scenario import load_scenario, shipped_scenarios


@functools.cache
def shared_store() -> Store:
    """The campaigns of this process; they are the same for whoever asks, and nobody writes in them."""
    return Store(Pool())


@functools.cache
def case_traits(name: str) -> dict[str, Any]:
    """The traits of a shipped scenario."""
    scenario = load_scenario(name)
    return {"geo": geography(scenario), "levers": levers(scenario), "options": options()}


def warm_up(name: str = FIRST_SCENARIO) -> None:
    """Compile, read and simulate what the first visitor would wait for; other scenarios meanwhile, aside."""
    case_traits(name)
    shared_store().ask(read_request({"scenario": name, "seed": FIRST_SEED})).result()
    give_back()
    others = [other for other in shipped_scenarios() if other != name]
    threading.Thread(target=_compile, args=(others,), name="warm-up", daemon=True).start()


def _compile(names: list[str]) -> None:
    # Not in the pool, whose threads are for those who wait.
    for name in names:
        case_traits(name)
        campaign_message(simulate(read_request({"scenario": name, "seed": FIRST_SEED})))
        give_back()


class CampaignView(anywidget.AnyWidget):
    """A campaign to look at and to change: map, levers, decisions, charts, places, log, ensemble.

    Args:
        scenario: the shipped scenario to begin with.
    """

    _esm = STATIC / "view.js"
    _css = STATIC / "view.css"
    geo = traitlets.Dict().tag(sync=True)
    levers: traitlets.List = traitlets.List().tag(sync=True)
    options = traitlets.Dict().tag(sync=True)

    def __init__(self, scenario: str = FIRST_SCENARIO, **kwargs: Any) -> None:
        read_request({"scenario": scenario})
        super().__init__(**case_traits(scenario), **kwargs)
        self._desk = Desk(shared_store(), self._tell, self._turn_to)
        self.on_msg(lambda _widget, content, _buffers: self._desk.ask(content))

    def close(self) -> None:
        """The page is closed, or its kernel is culled."""
        self._desk.close()
        super().close()
        give_back()

    def _tell(self, content: dict[str, Any], buffers: list[bytes]) -> None:
        self.send(content, buffers)

    def _turn_to(self, request: Request) -> None:
        traits = case_traits(request.name)
        if traits["geo"]["title"] != self.geo.get("title"):
            with self.hold_sync():
                for name, value in traits.items():
                    setattr(self, name, value)
