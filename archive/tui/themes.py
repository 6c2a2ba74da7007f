"""The colour themes of the terminal UI: two of its own, and Textual's; and the style sheets that use their colours."""

from __future__ import annotations

from textual.css.stylesheet import Stylesheet
from textual.theme import BUILTIN_THEMES, Theme

DEFAULT_THEME = "archive-dark"
#: The theme without colours: bold, reversed and struck through instead.
NO_COLOR_THEME = "ansi-dark"

#: Calm colours; Textual's `ansi-dark` and `ansi-light` follow the terminal.
THEMES = (
    Theme(
        name="archive-dark",
        primary="#7aa2c9",
        secondary="#8fb3a5",
        accent="#e0b26a",
        foreground="#d6d3cc",
        background="#16181c",
        surface="#1b1e23",
        panel="#262a31",
        boost="#22262c",
        success="#93b77e",
        warning="#d9a05b",
        error="#d97c70",
        dark=True,
        variables={"border": "#7aa2c9", "border-blurred": "#3a404a", "text-disabled": "auto 52%"},
    ),
    Theme(
        name="archive-light",
        primary="#2f5f8f",
        secondary="#3d7564",
        accent="#865000",
        foreground="#2a2a28",
        background="#faf8f4",
        surface="#f3f0ea",
        panel="#e6e2d9",
        boost="#efebe3",
        success="#3f682a",
        warning="#865000",
        error="#a83b2e",
        dark=False,
        variables={
            "border": "#2f5f8f",
            "border-blurred": "#c9c4b8",
            "text-muted": "auto 70%",
            "text-disabled": "auto 57%",
        },
    ),
)


def theme_names() -> list[str]:
    """The names of all themes, the archive's own first."""
    return [*(theme.name for theme in THEMES), *sorted(BUILTIN_THEMES)]


class ThemedStyleSheets(Stylesheet):
    """Style sheets that are parsed again when colours have changed; Textual does so whenever a theme is set.

    That includes the start, where they have just been parsed.
    """

    def __init__(self, *, variables: dict[str, str]) -> None:
        super().__init__(variables=variables)
        self._colours = dict(variables)
        self._colours_changed = False

    def set_variables(self, variables: dict[str, str]) -> None:
        """Set the colours of a theme."""
        if variables != self._colours:
            self._colours, self._colours_changed = dict(variables), True
            super().set_variables(variables)

    def reparse(self) -> None:
        """Parse everything again if colours have changed; what was added since is parsed when it is first used."""
        if self._colours_changed:
            super().reparse()
            self._colours_changed = False
