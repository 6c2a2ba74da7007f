"""Words with which something is chosen in a request, as types: an editor offers them, a type checker knows them."""

from __future__ import annotations

from typing import Literal, TypeAlias

#: Orders of hits, and of the values of a facet.
Sort: TypeAlias = Literal["relevance", "newest", "oldest", "title"]
FacetSort: TypeAlias = Literal["count", "name"]
#: What a row of a timeline is.
Period: TypeAlias = Literal["year", "month", "day"]
#: How close names have to be together, from the closest, and what a sighting says (see `archive.model.sightings`).
Level: TypeAlias = Literal["sentence", "paragraph", "article", "declared"]
Stance: TypeAlias = Literal["together", "present", "absent", "expected", "contact", "mentioned", "all"]
EngineName: TypeAlias = Literal["whoosh", "opensearch"]
