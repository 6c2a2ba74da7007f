"""What the names of an archive are, by all the evidence for them: people, places, or nothing.

A name is one thing wherever it stands. An office with a surname is whoever is called so in full and is said to have
that office, if that is one person in the archive; where several fit it stays what it is, for a person to decide.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby
from math import log2

from archive.names.discovery.evidence import NOTHING, NameDecision, decide
from archive.names.discovery.evidence_store import EvidenceStore, KeyEvidence
from archive.names.surface_forms import HONORIFICS

#: What being in many articles is worth at the most, and each doubling of their number.
_OFTEN, _EACH_DOUBLING = 1.0, 0.25


def scores(spellings: list[KeyEvidence]) -> tuple[float, float]:
    """What speaks for a person and for a place, by the evidence for all spellings of a name."""
    articles = sum(each.articles for each in spellings)
    often = min(_OFTEN, _EACH_DOUBLING * log2(articles))
    person = sum(each.person for each in spellings) / articles
    venue = sum(each.venue for each in spellings) / articles
    return person + often, venue + often


def usual_form(spellings: list[KeyEvidence]) -> str:
    """The spelling that most articles have; names in small or in capital letters come last."""
    return max(spellings, key=lambda each: (each.articles, not each.form.isupper(), each.form)).form


def decide_all(store: EvidenceStore, is_excluded: Callable[[str], bool] = lambda name: False) -> list[str]:
    """Decide what every name of an archive is; returns the keys of which that has changed.

    `is_excluded` says whether a name is nothing new: recorded, or not wanted.
    """
    before = store.decisions()
    changed: dict[str, NameDecision] = {}
    with_roles: list[str] = []
    addressed: list[str] = []
    for key, spellings in _by_key(store):
        decision = decide(*scores(spellings), usual_form(spellings))
        if decision.facet and (
            is_excluded(decision.name) or any(map(is_excluded, _with_titles(store, key, spellings)))
        ):
            decision = NOTHING
        if before.get(key) != decision:
            changed[key] = decision
        if " " not in key and decision.facet == "person" and any(each.has_role for each in spellings):
            with_roles.append(key)
        elif key.partition(" ")[0] in HONORIFICS and key.count(" ") == 1:
            addressed.append(key)
    store.set_decisions(changed.items())
    linked: dict[str, NameDecision] = {}
    for key in with_roles:
        if bearer := _bearer(store, key):
            linked[key] = bearer
    for key in addressed:
        if any(" " in each for each, _ in _whole_names(store, key.partition(" ")[2])):
            linked[key] = NOTHING  # "Mr Cole", where somebody is called Max Cole
    store.set_decisions(linked.items())
    final = changed | linked
    return [key for key, decision in final.items() if before.get(key) != decision] + store.drop_decisions()


def _by_key(store: EvidenceStore) -> Iterator[tuple[str, list[KeyEvidence]]]:
    for key, spellings in groupby(store.evidence(), key=lambda each: each.key):
        yield key, list(spellings)


def _with_titles(store: EvidenceStore, key: str, spellings: list[KeyEvidence]) -> list[str]:
    """How a name of one word is written after its titles: a record may have it so."""
    return store.titled(key) if " " not in key and any(each.has_role for each in spellings) else []


def _whole_names(store: EvidenceStore, surname: str) -> list[tuple[str, str]]:
    return [(key, name) for key, name in store.people_called(surname) if key.partition(" ")[0] not in HONORIFICS]


def _bearer(store: EvidenceStore, surname: str) -> NameDecision | None:
    """The only person of a surname who has one of the offices that are written before it."""
    roles = store.roles(surname)
    fitting = [name for key, name in _whole_names(store, surname) if roles & store.roles(key)]
    return NameDecision("person", fitting[0]) if len(set(fitting)) == 1 else None
