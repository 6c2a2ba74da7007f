"""The first stage of sightings: rules that read who was where, with whom and when off an article's text.

Rules are for one language: `archive.encounters.judging` knows which module has those of which.

article -> passage (mentions of people and venues, sentences) -> clauses -> a verdict a clause, by closed lists of
what excludes a presence and an open one of what shows it -> scenes (venue and date) with those who were there and
those who were not -> sightings of pairs, and of people at venues.
"""
