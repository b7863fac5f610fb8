"""The client of Airflow's API: pages, patience, and refusals in words."""

from typing import Any

import pytest

from mwaa.service.airflow_objects import item_path
from ops.airflow.api import PATIENCE, Airflow
from ops.errors import FailedError
from tests.ops.airflow.model import Model
from tests.ops.airflow.wire import target


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _: None)


def airflow(model: Model, waits: list[float] | None = None) -> Airflow:
    found = waits if waits is not None else []
    return Airflow(target(model), sleep=found.append)


@pytest.mark.parametrize("number", [0, 1, 100, 101, 250])
def test_every_page_is_read_and_no_more(number: int) -> None:
    model = Model(dags={f"dag_{n:03}": True for n in range(number)})
    names = [one["dag_id"] for one in airflow(model).pages("/dags", "dags")]
    assert names == sorted(model.dags)
    assert len(model.asked) == max(1, -(-number // 100))


def test_a_throttled_request_is_sent_again_by_the_sdk() -> None:
    there = airflow(Model())
    there.target.aws.mwaa._endpoint.http_session.failures = [  # type: ignore[attr-defined]
        (429, "ThrottlingException"),
        (503, "ServiceUnavailable"),
    ]
    assert there.send("GET", "/dags").status == 200


@pytest.mark.parametrize(("failures", "is_good"), [(2, True), (PATIENCE, False)])
def test_a_busy_airflow_is_asked_again_for_a_while(failures: int, is_good: bool) -> None:
    class Busy(Model):
        def answer(self, request: dict[str, Any]) -> tuple[int, Any]:
            from tests.ops.airflow.model import RefusedByAirflowError

            self.asked.append(("GET", request["Path"]))
            if len(self.asked) <= failures:
                raise RefusedByAirflowError(503, "busy")
            return 200, {}

    waits: list[float] = []
    answer = airflow(Busy(), waits).send("GET", "/dags", accepts=(503,))
    assert answer.is_good is is_good
    assert waits == sorted(waits)
    assert len(waits) == min(failures, PATIENCE - 1)


def test_a_refusal_says_what_airflow_said_and_what_to_do() -> None:
    with pytest.raises(FailedError, match=r"GET /nothing with 404 \(Not Found\); this Airflow"):
        airflow(Model()).send("GET", "/nothing")
    assert airflow(Model()).send("GET", "/nothing", accepts=(404,)).status == 404


def test_a_path_holds_any_name_that_fits() -> None:
    for is_3 in (False, True):
        assert item_path("variables", "a/b c", is_3=is_3) == "/variables/a%2Fb%20c"
        assert item_path("dags", "d" * 58, is_3=is_3) == f"/dags/{'d' * 58}"
        assert item_path("dags", "d" * 59, is_3=is_3) == ""
        assert item_path("variables", "a\nb", is_3=is_3) == ""
        assert item_path("users", "assumed-role/me", is_3=is_3) == ""
    assert item_path("pools", "a/b", is_3=True) == "/pools/a%2Fb"
    assert item_path("pools", "a/b", is_3=False) == ""
