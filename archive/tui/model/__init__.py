"""What screens and widgets show, as plain data and functions without Textual."""
