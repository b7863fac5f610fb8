"""Airflow's REST API through InvokeRestApi: version 1 of Airflow 2, version 2 of Airflow 3.

One client for every verb that works inside Airflow. It knows the limits of the way there: paths of
64 characters, answers of 6 MB within 10 seconds, pages of 100. What it sends may be sent again
after a lost answer, so a caller only states what shall be.
Sources (read 2026-11-27): https://docs.aws.amazon.com/mwaa/latest/API/API_InvokeRestApi.html,
https://docs.aws.amazon.com/mwaa/latest/userguide/access-mwaa-apache-airflow-rest-api.html,
https://airflow.apache.org/docs/apache-airflow/2.10.3/stable-rest-api-ref.html,
https://airflow.apache.org/docs/apache-airflow/3.2.1/stable-rest-api-ref.html
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from textwrap import shorten
from typing import Any, Final, TypeVar

from ops.errors import FailedError
from ops.target import Target
from ops.web_server import is_airflow_3

PERMISSIONS: Final = ("airflow:InvokeRestApi",)
PAGE: Final = 100
AT_ONCE: Final = 8
PATIENCE: Final = 6  # how often a request that Airflow could not serve is sent
NOT_TAKEN: Final = {400, 404, 409, 422}
BUSY: Final = {429, 500, 502, 503, 504}
RUNNING_PATH: Final = "/dags/~/dagRuns/~/taskInstances"
Item = TypeVar("Item")


@dataclass(frozen=True)
class Answer:
    """Airflow's answer: its HTTP status and its document."""

    status: int
    document: Any = None

    @property
    def is_good(self) -> bool:
        """Whether Airflow did what was asked."""
        return self.status < 400

    @property
    def is_unlisted(self) -> bool:
        """Whether Airflow 2 cannot give an item: a pool without a limit of slots has a number of
        open ones that its own specification does not allow (seen: 2.10.3)."""
        return self.status == 500 and "does not conform to specification" in str(self.document)


class NotTakenError(FailedError):
    """Airflow does not take what was sent; another object it may take."""


class UnlistedError(FailedError):
    """A page holds an item that Airflow cannot give."""


@dataclass(frozen=True)
class Airflow:
    """The Airflow of one environment. ``sleep`` waits between two attempts."""

    target: Target
    sleep: Callable[[float], None] = time.sleep

    @property
    def is_3(self) -> bool:
        """Whether version 2 of the API answers."""
        return is_airflow_3(self.target)

    def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        accepts: Iterable[int] = (),
        **query: Any,
    ) -> Answer:
        """Send one request, again while Airflow is busy.

        Raises ``FailedError`` for a status of 400 and above that is not among ``accepts``:
        ``NotTakenError`` where it is about what was sent.
        """
        answer = self._patiently(method, path, body, query)
        if answer.is_good or answer.status in accepts:
            return answer
        kind = NotTakenError if answer.status in NOT_TAKEN else FailedError
        raise kind(f"Airflow answered {method} {path} with {_words(answer)}")

    def pages(self, path: str, member: str, **query: Any) -> Iterator[dict[str, Any]]:
        """Every item of a collection, page by page."""
        offset = 0
        while True:
            document = self.page(path, limit=PAGE, offset=offset, **query)
            items = document.get(member, [])
            yield from items
            offset += len(items)
            if not items or offset >= int(document.get("total_entries", 0)):
                return

    def page(self, path: str, **query: Any) -> dict[str, Any]:
        """One page of a collection, with ``total_entries``.

        Raises ``UnlistedError`` where Airflow cannot give one of its items.
        """
        answer = self._patiently("GET", path, None, query)
        if answer.is_good:
            found: dict[str, Any] = answer.document
            return found
        raise (UnlistedError if answer.is_unlisted else FailedError)(
            f"Airflow answered GET {path} with {_words(answer)}"
        )

    def each(self, work: Callable[[Item], Any], items: Iterable[Item]) -> None:
        """``work`` on every item, a few at once; the first failure ends it."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            waiting = [pool.submit(work, item) for item in items]
            try:
                for done in waiting:
                    done.result()
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise

    def each_taken(
        self, work: Callable[[Item], Any], items: Iterable[Item], name: Callable[[Item], str]
    ) -> dict[str, str]:
        """As ``each``; what Airflow does not take ends nothing, and is returned by name."""
        refused: dict[str, str] = {}

        def one(item: Item) -> None:
            try:
                work(item)
            except NotTakenError as error:
                refused[name(item)] = str(error)

        self.each(one, items)
        return refused

    def running_tasks(self) -> int:
        """The number of task instances that run now."""
        answer = self.send("GET", RUNNING_PATH, state="running", limit=1)
        return int(answer.document["total_entries"])

    def health(self) -> dict[str, str]:
        """Each part of Airflow and its status, ``healthy`` or another."""
        document = self.send("GET", "/monitor/health" if self.is_3 else "/health").document
        # A part that this Airflow does not run has no status.
        return {part: facts["status"] for part, facts in document.items() if facts.get("status")}

    def _patiently(self, method: str, path: str, body: Any, query: Mapping[str, Any]) -> Answer:
        request: dict[str, Any] = {"Name": self.target.name, "Path": path, "Method": method}
        if query:
            request["QueryParameters"] = {name: _plain(value) for name, value in query.items()}
        if body is not None:
            request["Body"] = body
        for attempt in range(1, PATIENCE + 1):
            answer = self._once(request)
            if answer.status not in BUSY or answer.is_unlisted or attempt == PATIENCE:
                break
            self.sleep(0.5 * 2**attempt)
        return answer

    def _once(self, request: dict[str, Any]) -> Answer:
        from botocore.exceptions import ClientError

        try:
            found = self.target.aws.mwaa.invoke_rest_api(**request)
        except ClientError as error:
            # Airflow's own refusal comes with its document; everything else is AWS's.
            refused: Any = error.response
            if "RestApiStatusCode" in refused:
                return Answer(int(refused["RestApiStatusCode"]), refused.get("RestApiResponse"))
            raise
        return Answer(int(found["RestApiStatusCode"]), found.get("RestApiResponse"))


def _plain(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else value


def _words(answer: Answer) -> str:
    document = answer.document if isinstance(answer.document, dict) else {}
    said = document.get("detail") or document.get("title") or "no reason"
    if isinstance(said, list):
        # Airflow 3 repeats what it was sent, a secret too: where and why are enough.
        said = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in said)
    detail = shorten(str(said), 300)
    advice = {
        401: "; the session of this identity was not accepted",
        403: "; the Airflow role of this identity lacks the right (`mwaa permissions user --role`)",
        404: "; this Airflow has no such object or no such part of the API",
    }.get(answer.status, "")
    return f"{answer.status} ({detail}){advice}"
