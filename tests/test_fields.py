"""Fields: declared once, known by name and alias, and facets by one line in the settings."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive import Archive, Article, QueryError, UsageError
from archive.model.article import Mention
from archive.model.fields import Fields, Kind

from .support import Record, ids, make_archive

ARTICLE = Article(
    id="a",
    title="Title",
    body="",
    date="2016-05",
    people=("Kim", "Bo"),
    venues=("Hall",),
    authors=("Nora",),
    source="Gazette",
    tags=("x",),
    extra={"section": "News", "photo_credit": ("A  B", "C\x1fD", "", "A B", ("x",)), "map": {"a": "b"}},
    path="corpus/a.md",
    inferred=("venues",),
    mentions=tuple(
        Mention(facet, name, name, 0, 1)
        for facet, names in (("person", ("Ann", "Kim", "Ann")), ("venue", ("Pier", "Hall")))
        for name in names
    ),
)


def test_values_are_those_of_the_article() -> None:
    fields = Fields(("section", "photo-credit", "map", "absent"))
    values = {field.name: field.values(ARTICLE) for field in fields}
    assert values == {
        "title": ("Title",),
        "body": (),
        "person": ("Kim", "Bo"),
        "venue": ("Hall",),
        "year": ("2016",),
        "date": ("2016-05",),
        "source": ("Gazette",),
        "author": ("Nora",),
        "tags": ("x",),
        "language": (),
        "kind": ("article",),
        "url": (),
        "credit": (),
        "id": ("a",),
        "path": ("corpus/a.md",),
        "person_mentioned": ("Ann",),
        "venue_mentioned": ("Pier",),
        "person_unreviewed": (),
        "venue_unreviewed": (),
        "detected": ("venues",),
        "section": ("News",),
        "photo-credit": ("A B", "C D"),
        "map": (),
        "absent": (),
    }


def test_person_venue_and_year_are_facets_and_others_on_demand() -> None:
    assert [facet.name for facet in Fields().facets] == ["person", "venue", "year"]
    declared = Fields(("tag", "source", "section", "authors", "lang"))
    assert [facet.name for facet in declared.facets] == [
        "person", "venue", "year", "source", "author", "tags", "language", "section",
    ]  # fmt: skip
    assert declared.declared == ("tag", "source", "section", "authors", "lang")
    assert declared.facet("tag").name == "tags"
    assert declared.get("people").kind is Kind.NAMES
    assert "people" in declared
    assert "nothing" not in declared


def test_only_title_and_text_are_searched_without_being_named() -> None:
    assert [(field.name, field.boost > 0) for field in Fields(("section",)).searched] == [
        ("title", True),
        ("body", True),
    ]


def test_an_unknown_field_or_facet_names_the_known() -> None:
    fields = Fields(("section",))
    with pytest.raises(QueryError, match=r"no field 'persn' \(did you mean 'person'\?\).*section, has, missing"):
        fields.get("persn")
    with pytest.raises(QueryError, match=r"no field 'qqq'; the fields are"):
        fields.get("qqq")
    with pytest.raises(UsageError, match=r"no facet 'title'; the facets are person, venue, year, section"):
        fields.facet("title")


@pytest.mark.parametrize("name", ["title", "body", "text", "url", "id", "path", "date"])
def test_what_hardly_repeats_is_no_facet(name: str) -> None:
    with pytest.raises(UsageError, match="hardly ever repeat"):
        Fields((name,))


@pytest.mark.parametrize(
    "name", ["has", "missing", "meta", "date_first", "title_key", "year_value", "person_words", "x_words"]
)
def test_names_that_the_index_uses_are_no_facets(name: str) -> None:
    with pytest.raises(UsageError, match="the index uses that name itself"):
        Fields((name,))


def test_a_facet_is_declared_as_it_is_written_in_the_front_matter(tmp_path: Path) -> None:
    """The reader writes keys in small letters with underscores, and so a facet is found by either spelling."""
    root = tmp_path
    (root / "corpus").mkdir()
    (root / "corpus" / "a.md").write_text("---\nPhoto-Editor: Kim\nSection: News\n---\n# Title\n\nalpha")
    (root / "archive.yaml").write_text("facets: [photo-editor, Section]\n")
    with Archive.open(root) as archive:
        archive.index()
        assert [row.value for row in archive.facet("photo-editor").values] == ["Kim"]
        assert ids(archive, where={"Section": "News"}) == ids(archive, "Section:news") == {"title"}


def test_a_declared_field_is_searched_by_words_values_and_presence(tmp_path: Path) -> None:
    records: list[Record] = [
        {"id": "a", "title": "A", "section": "Society News"},
        {"id": "b", "title": "B", "section": ["Sport", "Society"]},
        {"id": "c", "title": "C"},
    ]
    with make_archive(tmp_path, records, "facets: [section]\n") as archive:
        assert ids(archive, "section:society") == {"a", "b"}
        assert ids(archive, "section:socie*") == {"a", "b"}
        assert ids(archive, 'section:"sport society"~100') == set()
        assert ids(archive, "missing:section") == {"c"}
        assert ids(archive, where={"section": "Society"}) == {"b"}
        assert archive.search(facets="section").facets["section"].missing == 1
