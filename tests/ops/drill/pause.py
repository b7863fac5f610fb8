"""A pause and a resume that are disturbed at each request, to Airflow and to the bucket."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from ops.airflow.dags import Memory
from ops.commands.pause import pause
from ops.commands.resume import resume
from ops.errors import FailedError
from ops.target import Target
from tests.ops.airflow.model import Model
from tests.ops.airflow.wire import target
from tests.ops.faults import Fault, Killed, faulty

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

MOST = 40
DAGS = {"a": False, "b": False, "c": True, "d": False}
RUNNING = frozenset(name for name, is_paused in DAGS.items() if not is_paused)


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """The n-th request is then the same one in every run."""
    with patch("ops.airflow.api.AT_ONCE", 1):
        yield


def drill_pause(s3: "S3Client", fault: Fault) -> tuple[int, int]:
    """Fault points of one pause, and how many were survived."""

    def is_right(there: Target, model: Model) -> bool:
        pause(there, [])
        return all(model.dags.values()) and Memory(there).read().dags == RUNNING

    return _drill(s3, fault, lambda there: None, lambda there: pause(there, []), is_right)


def drill_resume(s3: "S3Client", fault: Fault) -> tuple[int, int]:
    """Fault points of one resume, and how many were survived."""

    def is_right(there: Target, model: Model) -> bool:
        resume(there, [])
        return model.dags == DAGS and not Memory(there).read().dags

    return _drill(
        s3, fault, lambda there: pause(there, []), lambda there: resume(there, []), is_right
    )


def _drill(
    s3: "S3Client",
    fault: Fault,
    before: Callable[[Target], object],
    disturbed: Callable[[Target], object],
    is_right: Callable[[Target, Model], bool],
) -> tuple[int, int]:
    points = survived = 0
    for of_bucket in (False, True):
        for at in range(1, MOST):
            model, bucket = Model(dags=dict(DAGS)), f"drill-{uuid.uuid4().hex[:12]}"
            s3.create_bucket(Bucket=bucket)
            there = target(model, s3, bucket)
            before(there)
            client: Any = s3 if of_bucket else there.aws.mwaa
            with one_at_a_time():
                with faulty(client, fault, at) as wire, suppress(Killed, FailedError):
                    disturbed(there)
                if wire.count < at:
                    break
                points += 1
                survived += is_right(there, model)
    return points, survived
