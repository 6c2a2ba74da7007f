"""How well names are discovered: `python -m tests.bench.discovery [--all]`.

Prints precision and recall of people and venues over the passages in tests/names/passages,
those that were held out apart. `--all` lists what was missed and what was wrong in the others.
"""

from __future__ import annotations

import sys

from tests.names.passages import found_in, measured, passages


def main() -> None:
    if "--all" in sys.argv:
        for passage in passages():
            if not passage.heldout:
                people, venues = found_in(passage)
                print(passage.name)
                print("  people missed", sorted(passage.people - people), "wrong", sorted(people - passage.people))
                print(
                    "  venues missed", sorted(passage.venues - venues),
                    "wrong", sorted(venues - passage.venues - passage.places),
                )  # fmt: skip
    for heldout in (False, True):
        for kind, counts in zip(("people", "venues"), measured(heldout), strict=True):
            print(
                f"{'held out' if heldout else 'tuned on':8}  {kind}  precision {counts.precision:.2f}"
                f"  recall {counts.recall:.2f}  ({counts.right} right, {counts.wrong} wrong, {counts.missed} missed)"
            )


if __name__ == "__main__":
    main()
