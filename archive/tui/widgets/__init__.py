"""Widgets: they draw what they are given and post messages; none knows a screen or another widget."""
