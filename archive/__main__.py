"""`python -m archive` and the command `archive`: a signal while starting ends it in a sentence, too."""

import sys

from archive import interrupts


def main() -> int:
    """Run the command line with the arguments of this process."""
    try:
        interrupts.heed()
        from archive.cli import main as run

        return interrupts.finish(run())
    except KeyboardInterrupt as interrupt:
        sys.stderr.write(f"{interrupts.said(interrupt)}\n")
        return interrupts.finish(interrupts.status())


if __name__ == "__main__":
    sys.exit(main())
