"""No module imports itself by way of others, not even inside a function."""

from __future__ import annotations

from collections.abc import Iterator

import grimp


def _reachable(graph: grimp.ImportGraph, start: str) -> set[str]:
    found: set[str] = set()
    waiting = [start]
    while waiting:
        for each in graph.find_modules_directly_imported_by(waiting.pop()):
            if each not in found:
                found.add(each)
                waiting.append(each)
    return found


def _cycles(graph: grimp.ImportGraph) -> Iterator[frozenset[str]]:
    reachable = {module: _reachable(graph, module) for module in graph.modules}
    for module in graph.modules:
        if module in reachable[module]:
            yield frozenset({module} | {each for each in reachable[module] if module in reachable[each]})


def test_no_module_imports_itself_by_way_of_others() -> None:
    graph = grimp.build_graph("archive", exclude_type_checking_imports=True, cache_dir=None)
    assert len(graph.modules) > 150
    assert set(_cycles(graph)) == set()


def test_a_cycle_is_found() -> None:
    graph = grimp.ImportGraph()
    for importer, imported in (("a", "b"), ("b", "c"), ("c", "b")):
        graph.add_import(importer=importer, imported=imported)
    assert set(_cycles(graph)) == {frozenset("bc")}
