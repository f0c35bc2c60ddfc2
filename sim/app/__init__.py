"""The page: a campaign to touch, in the browser. ``holdfast app`` starts it; see docs/app.md."""
