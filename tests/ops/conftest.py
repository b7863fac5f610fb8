"""An emulated S3 on the loopback address, and a versioned bucket in it."""

import uuid
from collections.abc import Iterator
from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.config import Config
from moto.server import ThreadedMotoServer

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

OWNER = "123456789012"


@pytest.fixture(scope="session")
def s3_endpoint() -> Iterator[str]:
    """The address of the emulated S3."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def s3(s3_endpoint: str) -> Iterator["S3Client"]:
    """A client that retries as the verbs do."""
    client = boto3.client(
        "s3",
        endpoint_url=s3_endpoint,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"mode": "standard", "total_max_attempts": 8}),
    )
    yield client
    client.close()


@pytest.fixture
def bucket(s3: "S3Client") -> str:
    """A new bucket with versioning."""
    name = f"airflow-{uuid.uuid4().hex[:12]}"
    s3.create_bucket(Bucket=name)
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    return name
