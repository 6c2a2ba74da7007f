"""Screens: each puts widgets together, owns their state, and answers their messages."""
