"""Calm colours, dark and light; `ansi-dark` and `ansi-light` are Textual's and follow the terminal."""

from __future__ import annotations

from textual.theme import Theme

USUAL = "archive-dark"
#: Where colours are not wanted: bold, reversed and struck through say the same.
PLAIN = "ansi-dark"

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
        variables={"border": "#7aa2c9", "border-blurred": "#3a404a"},
    ),
    Theme(
        name="archive-light",
        primary="#2f5f8f",
        secondary="#3d7564",
        accent="#9a5b00",
        foreground="#2a2a28",
        background="#faf8f4",
        surface="#f3f0ea",
        panel="#e6e2d9",
        boost="#efebe3",
        success="#4a7531",
        warning="#9a5b00",
        error="#a83b2e",
        dark=False,
        variables={"border": "#2f5f8f", "border-blurred": "#c9c4b8"},
    ),
)
