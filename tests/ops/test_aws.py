"""The clients that verbs share: how their requests leave."""

from typing import Any

import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders

from ops.aws import ASK_FROM, AwsSession
from tests.ops.faults import Body


@pytest.mark.parametrize(
    ("size", "asked"), [(0, None), (ASK_FROM, None), (ASK_FROM + 1, b"100-continue")]
)
def test_small_bodies_are_sent_without_asking_first(
    monkeypatch: pytest.MonkeyPatch, size: int, asked: bytes | None
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    s3 = AwsSession(region="eu-west-1").s3
    seen: list[Any] = []

    def answer(request: AWSPreparedRequest, **_: Any) -> Any:
        seen.append(request.headers.get("Expect"))
        return AWSResponse(request.url, 200, HTTPHeaders(), Body(b""))

    s3.meta.events.register("before-send.s3", answer)
    s3.put_object(Bucket="bucket", Key="dags/a.py", Body=b"x" * size)
    assert seen == [asked]
