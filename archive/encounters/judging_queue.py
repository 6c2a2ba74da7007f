"""Articles judged one after the other, in several processes where there is enough to judge.

What comes out does not depend on the number of processes, as long as the time of the judge of pairs is not used up;
nor does its order.
"""

from __future__ import annotations

import pickle
import time
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future
from typing import Generic, NamedTuple, TypeVar

from archive.encounters.judging import ArticleToJudge, Judged, SightingJudge, judge_article
from archive.model.article import Article
from archive.util.worker_pool import WorkerPool

#: Articles that may wait for one that another process judges, and characters of their texts.
_MOST_WAITING, _MOST_CHARACTERS = 1_000, 24_000_000

_Label = TypeVar("_Label")


class _QueuedArticle(NamedTuple):
    """An article, with what its caller knows it by, what is asked of it, and the answer, or None if none is needed."""

    label: object
    article: Article
    asked: ArticleToJudge | None
    answer: Future[bytes | None] | Judged | None


class JudgingQueue(Generic[_Label]):
    """Gives articles their sightings, with the help of some `workers`."""

    def __init__(self, judge: SightingJudge, workers: WorkerPool) -> None:
        self._judge, self._workers = judge, workers
        self._waiting: deque[_QueuedArticle] = deque()
        self._characters = 0

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, label: _Label, article: Article) -> Iterator[tuple[_Label, Article]]:
        """Take an article; returns those that are judged by now, in the order in which they were taken."""
        asked = self._judge.to_judge(article)
        answer: Future[bytes | None] | Judged | None = None
        if asked is not None:
            answer = self._workers.ask(judge_packed, asked)
            if answer is None:
                began = time.thread_time()
                answer = judge_article(asked)
                self._workers.note_spent(time.thread_time() - began)
        self._waiting.append(_QueuedArticle(label, article, asked, answer))
        self._characters += len(article.body)
        return self._judged(_MOST_WAITING, _MOST_CHARACTERS)

    def finish(self) -> Iterator[tuple[_Label, Article]]:
        """Wait for all articles that are left."""
        return self._judged(0, 0)

    def _judged(self, most: int, most_characters: int) -> Iterator[tuple[_Label, Article]]:
        """The first articles, until one is not judged yet and at most so many wait, with so many characters."""
        waiting = self._waiting
        while waiting and (
            len(waiting) > most
            or self._characters > most_characters
            or not isinstance(answer := waiting[0].answer, Future)
            or answer.done()
        ):
            label, article, asked, answer = waiting.popleft()
            self._characters -= len(article.body)
            if isinstance(answer, Future):
                packed = answer.result()
                assert asked is not None
                answer = judge_article(asked) if packed is None else pickle.loads(packed)
            yield label, self._judge.with_judged(article, answer)  # type: ignore[misc]


def judge_packed(asked: ArticleToJudge) -> bytes:
    """What is said of an article, for another process."""
    return pickle.dumps(judge_article(asked), pickle.HIGHEST_PROTOCOL)
