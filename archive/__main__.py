"""`python -m archive` and the command `archive`: an interrupt while starting is quiet, too."""

import sys


def main() -> int:
    """Run the command line with the arguments of this process."""
    try:
        from archive.cli import main as run

        return run()
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
