"""The command palette: every action of the screen and of each of its panels."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from textual.binding import Binding
from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.dom import DOMNode
from textual.widget import Widget

from archive.tui.bindings import offered, panel_name


class Actions(Provider):
    """Finds actions by their names; an action of a panel goes to the panel first."""

    def _all(self) -> Iterator[tuple[str, str, DOMNode, Binding]]:
        """Name, key, panel and binding of everything that can be done."""
        seen = set()
        panels = [widget for widget in self.screen.query("*") if widget.focusable and widget.display]
        for node in (self.screen, *panels, self.app):
            for binding in offered(node):
                key = (binding.description, type(node))
                if key not in seen and binding.action != "command_palette":
                    seen.add(key)
                    where = "" if node in (self.screen, self.app) else f"{panel_name(node)}: "
                    yield f"{where}{binding.description}", self.app.get_key_display(binding), node, binding

    async def _run(self, node: DOMNode, action: str) -> None:
        if isinstance(node, Widget) and node is not self.screen:
            pane = getattr(self.screen, "action_pane", None)
            if pane is not None and node.id is not None:
                pane(node.id)
            node.focus()
        await self.app.run_action(action, node)

    async def discover(self) -> Hits:
        """Everything, before anything is typed."""
        for name, key, node, binding in self._all():
            yield DiscoveryHit(name, partial(self._run, node, binding.action), help=key)

    async def search(self, query: str) -> Hits:
        """What is called like that."""
        matcher = self.matcher(query)
        for name, key, node, binding in self._all():
            if (score := matcher.match(name)) > 0:
                yield Hit(score, matcher.highlight(name), partial(self._run, node, binding.action), help=key)
