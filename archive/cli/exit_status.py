"""What the process says when it ends; scripts may rely on these numbers."""

from enum import IntEnum


class Exit(IntEnum):
    """Exit statuses. A pipe closed by its reader is no error: it ends with FOUND."""

    FOUND = 0
    NOTHING = 1
    ERROR = 2
    INTERRUPTED = 130
    TERMINATED = 143

    @classmethod
    def of(cls, found: object) -> "Exit":
        """FOUND if there is anything, NOTHING otherwise."""
        return cls.FOUND if found else cls.NOTHING
