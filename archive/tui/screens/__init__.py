"""The screens, one a module; each owns its state."""
