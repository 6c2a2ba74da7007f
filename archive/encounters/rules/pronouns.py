"""Whom a pronoun, a role or an unnamed pair goes back to, as an English text is read sentence by sentence."""

from __future__ import annotations

import re

from archive.encounters.rules import cues
from archive.encounters.rules.cues import P
from archive.encounters.rules.passages import MaskedSentence, Reading, mention_indexes
from archive.encounters.rules.verdicts import Facts

#: What somebody just named may be called by next: "the singer".
_ROLES = (
    r"singer|actress|actor|star|rapper|producer|film-?maker|director|writer|author|novelist|playwright|poet|minister|president|premier|"
    r"prime minister|senator|congressman|congresswoman|governor|mayor|queen|king|duke|duchess|prince|princess|striker|captain|"
    r"coach|manager|champion|judge|lawyer|general|colonel|bishop|pope|archbishop|cardinal|chancellor|model|designer|comedian|"
    r"musician|guitarist|pianist|conductor|painter|sculptor|chef|billionaire|businessman|businesswoman|socialite|heiress|widow|"
    r"artist|architect|explorer|admiral|commodore|ambassador|envoy|chairman|chairwoman|commissioner|soprano|tenor|dancer"
)
_PRONOUN = re.compile(
    rf"^(?:and |but |then |though |although |because |while |as |when |after |before |where |that |so |once |later |also |yet |instead |afterwards |there |in \w+,? |on \w+,? |,)*(?P<word>he|she|they|the (?:(?:former |married )?(?:pair|couple)|two(?: men| women)?|duo|newlyweds|exes)|the (?:[\w'-]+ ){{0,3}}?(?:{_ROLES}))\b(?! of\b)",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    r"\b(?P<word>him|them|(?<=with )(?:the (?:pair|couple|two|duo)))\b|\b(?P<her>her)(?=[,.;]|$| (?:to|at|in|on|with|for|from|by|there|and|off|into|as|after|before|home|again|that|last|yesterday)\b)"
)
_COORDINATED = re.compile(rf"{P}(?:, [^,ᴘ]{{1,40}},)? (?:and|with) (?:(?:his|her|the|their) (?:[\w-]+,? ){{1,5}})?{P}")


class Antecedents:
    """Who was named last in the places that pronouns go back to.

    subject  numbers of the people who are the subject of what was said last
    pair     those who were coordinated last, for "they" and "the couple"
    """

    def __init__(self, reading: Reading) -> None:
        self._reading, self._passage = reading, reading.passage
        self.subject: list[int] = []
        self.pair: list[int] = []

    def meant(self, text: str, subject: list[int]) -> list[int]:
        """Whom the pronoun with which a clause begins goes back to."""
        found: list[int] = []
        for match in (_PRONOUN.match(text), _BEHIND.search(text)):
            if match is None:
                continue
            word = next(filter(None, match.groups())).lower()
            if re.search(rf"\b(?:{_ROLES})$", word):
                found += subject if len(subject) == 1 else []
            elif word in ("he", "she", "him", "her"):
                wanted = "m" if word in ("he", "him") else "f"
                fitting = [n for n in subject if self._reading.gender.get(n, wanted) == wanted]
                if len(fitting) == 1 or (fitting and word in ("he", "she")):
                    found.append(fitting[0])
            elif len(self.pair) == 2:
                found += self.pair
            elif len(subject) == 2:
                found += subject
        return found

    def subject_of(self, facts: Facts) -> list[int]:
        """The people before the first verb of a clause; whom a pronoun there stands for; or its first."""
        if _PRONOUN.match(facts.clause.text) and (meant := [n for n, how in facts.people.items() if how == "pronoun"]):
            return meant
        verb = cues.VERB.search(facts.clause.text)
        before = mention_indexes(facts.clause.text[: verb.start()] if verb else facts.clause.text)
        numbers = [self._reading.name(at) for at in before if self._passage.mentions[at].facet == "person"]
        numbers = [n for n in dict.fromkeys(numbers) if n in facts.people]
        return numbers or list(facts.people)[:1]

    def note_pair(self, sentence: MaskedSentence) -> None:
        match = _COORDINATED.search(sentence.masked)
        if match:
            numbers = [self._reading.name(at) for at in mention_indexes(match[0])]
            if len(set(numbers)) == 2:
                self.pair = list(dict.fromkeys(numbers))
