"""Words that stand before a name without being part of it."""

from __future__ import annotations

from archive.text.sentences import wordset

#: Forms of address that go with any surname; those for men and for women exclude each other.
FOR_MEN = wordset("mr monsieur m herr señor senor signor don sir")
FOR_WOMEN = wordset("mrs ms miss madame mme mademoiselle mlle frau señora senora signora dame")
HONORIFICS = FOR_MEN | FOR_WOMEN | wordset("mx dr prof professor")

#: Offices and ranks: "President X" is nobody else's X.
TITLES = HONORIFICS | wordset(
    """abbot abbess admiral alderman ambassador archbishop archdeacon attorney baron baroness bishop brigadier
    brother canon captain cardinal chairman chairwoman chancellor chief coach colonel commander commissioner
    commodore comrade congressman congresswoman constable corporal councillor councilman councilwoman count countess
    coxswain dean deputy detective director duchess duke earl emperor empress father first general governor hon
    imam inspector judge justice king lady lieutenant lord madam major marquess marquis marshal master mayor
    mayoress minister mother officer pastor pope premier president prime prince princess principal private queen
    rabbi rector representative rev reverend saint secretary senator sergeant sheikh sheriff sister speaker st
    superintendent treasurer uncle aunt auntie vicar vice viscount viscountess warden"""
)

#: What may follow a surname without changing whose it is.
SUFFIXES = wordset("jr sr junior senior ii iii iv esq kc qc mp phd md")
