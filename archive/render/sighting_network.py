"""Sightings as a network, for programs that draw or search one: people and venues are nodes, sightings edges.

GEXF and GraphML are written by networkx, for Gephi, yEd and the like; a table of edges goes into any of these
and into a spreadsheet. TimelineJS (https://timeline.knightlab.com/docs/json-format.html) shows occasions by date.
FollowTheMoney (https://followthemoney.tech) is what OpenAleph and Datashare load.
"""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from archive.errors import MissingExtraError
from archive.model.article import Article
from archive.model.dates import OPEN, date_key, enclosing_date
from archive.model.sightings import PRESENT, Sighting
from archive.render.json_output import Record, dumps, json_lines

EDGE_COLUMNS = (
    "source", "target", "source_kind", "target_kind", "stance", "grade", "when", "when_basis", "when_text", "venue",
    "absent", "article", "title", "date", "evidence",
)  # fmt: skip
_GAP = " … "
_UNPRINTABLE = re.compile("[^\t\n -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class NetworkEdge:
    """A sighting between two people, or a person and a venue.

    source, target   pairs of facet ("person" or "venue") and canonical name
    evidence         the sentences that show it
    """

    source: tuple[str, str]
    target: tuple[str, str]
    sighting: Sighting
    article: Article
    evidence: str


def edges(articles: Iterable[Article], stances: Collection[str]) -> Iterator[NetworkEdge]:
    """The sightings of articles that have one of some stances, in the order of the articles and of their text."""
    for article in articles:
        for each in article.sightings:
            if each.stance not in stances:
                continue
            names = [("person", name) for name in each.people[:2]]
            if len(names) == 1 and each.venue is not None:
                names.append(("venue", each.venue))
            if len(names) == 2:
                yield NetworkEdge(names[0], names[1], each, article, evidence_text(article, each))


def evidence_text(article: Article, sighting: Sighting) -> str:
    """The sentences that show a sighting, on one line."""
    texts = [(article.title if span.in_title else article.body)[span.start : span.end] for span in sighting.spans]
    return _GAP.join(" ".join(text.split()) for text in texts)


def edge_record(edge: NetworkEdge) -> Record:
    """An edge with its documented columns."""
    each = edge.sighting
    return {
        "source": edge.source[1],
        "target": edge.target[1],
        "source_kind": edge.source[0],
        "target_kind": edge.target[0],
        "stance": each.stance,
        "grade": each.grade,
        "when": each.when,
        "when_basis": each.when_basis,
        "when_text": each.when_text,
        "venue": each.venue,
        "absent": list(each.absent),
        "article": edge.article.id,
        "title": edge.article.title,
        "date": edge.article.date,
        "evidence": edge.evidence,
    }


# -- graphs ----------------------------------------------------------------------------


def graph_lines(form: str, found: Iterable[NetworkEdge]) -> Iterator[str]:
    """A GEXF 1.2 or GraphML document of all edges; raises MissingExtraError without networkx."""
    try:
        import networkx
    except ImportError:
        raise MissingExtraError(f"writing {form}", "network") from None
    graph = networkx.MultiGraph()
    for number, edge in enumerate(found):
        for kind, name in (edge.source, edge.target):
            graph.add_node(f"{kind}:{_printable(name)}", label=_printable(name), kind=kind)
        record = edge_record(edge)
        values = {key: record[key] for key in EDGE_COLUMNS[4:]}
        values["absent"] = ", ".join(record["absent"])
        about = {key: _printable(str(value)) for key, value in values.items() if value}
        ends = [f"{kind}:{_printable(name)}" for kind, name in (edge.source, edge.target)]
        graph.add_edge(*ends, key=number, label=edge.sighting.stance, **about)
    if form == "gexf":
        yield from networkx.generate_gexf(graph, version="1.2draft")
    else:
        yield from networkx.generate_graphml(graph)


def _printable(text: str) -> str:
    """A text without the characters that XML 1.0 cannot have."""
    return _UNPRINTABLE.sub("", text)


# -- timelines -------------------------------------------------------------------------


def timeline_lines(found: Iterable[NetworkEdge], untold: list[int]) -> Iterator[str]:
    """TimelineJS's JSON of the dated occasions; `untold` gets the number of those without a date."""
    events = []
    undated = 0
    for scene in _scenes(found):
        first = scene[0].sighting
        start, end = _ends(first.when)
        if not start:
            undated += 1
            continue
        people, venue = _who(scene), first.venue
        headline = " + ".join(people) + (f" · {venue}" if venue else "")
        said = [f"<p>{html.escape(text)}</p>" for text in dict.fromkeys(each.evidence for each in scene)]
        article = scene[0].article
        said.append(f"<p><i>{html.escape(article.title)}</i> ({html.escape(article.date or 'undated')})</p>")
        event: Record = {
            "start_date": _date_parts(start),
            "text": {"headline": html.escape(headline), "text": "".join(said)},
            "display_date": html.escape(first.when_text if first.when_basis == "text" else first.when or ""),
            "group": first.stance if first.stance not in PRESENT else "together",
            "unique_id": _key("scene", article.id, str(first.scene), first.stance),
        }
        if end and end != start:
            event["end_date"] = _date_parts(end)
        events.append((date_key(start), event))
    events.sort(key=lambda each: each[0])
    untold.append(undated)
    yield dumps({"events": [event for _, event in events]}, indent=2)


def _scenes(found: Iterable[NetworkEdge]) -> Iterator[list[NetworkEdge]]:
    """Edges of one occasion, who was there apart from other stances; the edges of an article follow each other."""

    def of(edge: NetworkEdge) -> tuple[int, str]:
        each = edge.sighting
        return each.scene, "together" if each.stance in PRESENT else each.stance

    for _, group in groupby(found, key=lambda edge: edge.article.id):
        for _, scene in groupby(sorted(group, key=of), key=of):
            yield list(scene)


def _who(scene: Iterable[NetworkEdge]) -> list[str]:
    return list(dict.fromkeys(name for each in scene for name in each.sighting.people))


def _ends(when: str | None) -> tuple[str, str]:
    """The first and last date of an EDTF date or interval, as far as they are known and plain."""
    if not when:
        return "", ""
    start, _, end = when.partition("/")
    known = [enclosing_date(part).replace("X", "0") for part in (start, end) if part and part != OPEN]
    return (known[0], known[-1]) if known else ("", "")


def _date_parts(date: str) -> Record:
    return dict(zip(("year", "month", "day"), (str(int(part)) for part in date.split("-")), strict=False))


# -- FollowTheMoney --------------------------------------------------------------------


def ftm_lines(found: Iterable[NetworkEdge]) -> Iterator[str]:
    """FollowTheMoney entities, one a line: people, venues (`Address`), articles, occasions (`Event`), other links."""
    return json_lines(_entities(found))


def _entities(found: Iterable[NetworkEdge]) -> Iterator[Record]:
    told: set[str] = set()
    for scene in _scenes(found):
        article = scene[0].article
        new = [_article_entity(article)]
        new += [_name_entity(*end) for edge in scene for end in (edge.source, edge.target)]
        if venue := scene[0].sighting.venue:
            new.append(_name_entity("venue", venue))
        for entity in new:
            if entity["id"] not in told:
                told.add(entity["id"])
                yield entity
        if scene[0].sighting.stance in PRESENT:
            yield _event(scene)
        else:
            yield from map(_link, scene)


def _event(scene: list[NetworkEdge]) -> Record:
    first, article = scene[0].sighting, scene[0].article
    people = _who(scene)
    return _entity(
        "Event",
        _key("scene", article.id, str(first.scene)),
        name=[" + ".join(people) + (f" · {first.venue}" if first.venue else "")],
        involved=[_key("person", name) for name in people],
        location=[first.venue or ""],
        addressEntity=[_key("venue", first.venue)] if first.venue else [],
        summary=[each.evidence for each in scene],
        keywords=[each.sighting.grade or "" for each in scene],
        proof=[_key("article", article.id)],
        sourceUrl=[article.url],
        **_when(first),
    )


def _link(edge: NetworkEdge) -> Record:
    each, article = edge.sighting, edge.article
    ends = [_key(*edge.source), _key(*edge.target)]
    return _entity(
        "UnknownLink",
        _key("link", article.id, str(each.scene), each.stance, *ends),
        subject=ends[:1],
        object=ends[1:],
        role=[each.stance],
        summary=[edge.evidence],
        proof=[_key("article", article.id)],
        sourceUrl=[article.url],
        **_when(each),
    )


def _when(sighting: Sighting) -> dict[str, list[str]]:
    start, end = _ends(sighting.when)
    return {"date": [start]} if start == end else {"startDate": [start], "endDate": [end]}


def _name_entity(kind: str, name: str) -> Record:
    if kind == "person":
        return _entity("Person", _key(kind, name), name=[name])
    return _entity("Address", _key(kind, name), name=[name], full=[name])


def _article_entity(article: Article) -> Record:
    date = enclosing_date(article.date) if article.date else ""
    return _entity(
        "Article",
        _key("article", article.id),
        title=[article.title],
        fileName=[article.path],
        author=list(article.authors),
        publisher=[article.source],
        sourceUrl=[article.url],
        publishedAt=[date if "X" not in date else ""],
    )


def _entity(schema: str, key: str, **properties: list[str]) -> Record:
    kept: dict[str, Any] = {name: list(dict.fromkeys(filter(None, said))) for name, said in properties.items()}
    return {"id": key, "schema": schema, "properties": {name: said for name, said in kept.items() if said}}


def _key(*parts: str) -> str:
    """An id that is the same in every export."""
    return hashlib.sha1("\x1f".join(parts).encode("utf-8", "replace"), usedforsecurity=False).hexdigest()
