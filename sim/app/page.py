"""The page that Solara serves: one widget that fills the window. Each browser tab has a widget of its own."""

import solara

from sim.app.view import CampaignView


@solara.component
def Page() -> solara.Element:
    """The campaign, from the first moment on."""
    solara.Title("Holdfast")
    return CampaignView.element()
