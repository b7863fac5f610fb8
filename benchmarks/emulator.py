"""What the emulated AWS costs: answers per second, its start, and a create at full speed."""

import http.client
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.config import Config

from benchmarks.figure import Figure, timed
from mwaa import iam_policies
from mwaa.names import Names
from rehearsal.cli.workspace import ROOT
from tests.rehearsal.emulator.platforms.customer import Customer

REGION = "us-east-1"
ROUNDS = 15
OURS = ("-m", "rehearsal", "serve")
# moto's own application behind the same HTTP server: no gateway, no patches, no MWAA.
BARE = (
    "-c",
    "import os\n"
    'os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"\n'
    'os.environ["MOTO_EC2_LOAD_DEFAULT_AMIS"] = "false"\n'
    "from moto.moto_server.werkzeug_app import *\n"
    "from moto.moto_server.werkzeug_app import MotoRequestHandler as Handler\n"
    "from werkzeug.serving import ThreadedWSGIServer\n"
    "class Quiet(Handler):\n"
    '    protocol_version = "HTTP/1.1"\n'
    "    def log(self, *_): pass\n"
    "app = DomainDispatcherApplication(create_backend_app)\n"
    'server = ThreadedWSGIServer("127.0.0.1", 0, app, Quiet)\n'
    'print(f"http://127.0.0.1:{server.server_port}", flush=True)\n'
    "server.serve_forever()\n",
)


@dataclass
class Clients:
    """boto3 clients of one server; every request that goes out is written down in ``sent``."""

    url: str
    sent: list[Any] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._make = cache(self._client)

    def client(self, service: str, _account: str = "", _region: str = "") -> Any:
        """The client of ``service``, made once."""
        return self._make(service)

    def _client(self, service: str) -> Any:
        make: Callable[..., Any] = boto3.client
        client = make(
            service,
            region_name=REGION,
            endpoint_url=self.url,
            aws_access_key_id="test",
            aws_secret_access_key="test",  # noqa: S106 - any will do
            config=Config(inject_host_prefix=False, s3={"addressing_style": "path"}),
        )
        client.meta.events.register("before-send", lambda request, **_: self.sent.append(request))
        return client


@contextmanager
def _server(*arguments: str) -> Iterator[tuple[str, float]]:
    """A server in a process of its own: its address, and when it was started."""
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout
        yield process.stdout.readline().split()[-1], started
    finally:
        process.terminate()
        process.communicate()


class _Plain(Customer):
    """The platform's account in an order that moto alone accepts: with the TLS-only policy in
    force it refuses every object."""

    def _bucket(self) -> None:
        s3, bucket = self.client("s3"), self.names.bucket
        s3.create_bucket(Bucket=bucket)
        self.block_public_access()
        s3.put_object(Bucket=bucket, Key="dags/hello.py", Body=b"# a DAG\n")
        policy = json.dumps(iam_policies.bucket_policy(self.names.bucket_arn))
        s3.put_bucket_policy(Bucket=bucket, Policy=policy)


def _reads(clients: Clients) -> None:
    """What a refresh of the stack, the last look and the doctor ask, service by service."""
    names = Names("etl", REGION, "123456789012")
    ec2, s3, iam, kms, logs, sts = map(clients.client, ("ec2", "s3", "iam", "kms", "logs", "sts"))
    sts.get_caller_identity()
    for operation in (
        ec2.describe_vpcs,
        ec2.describe_subnets,
        ec2.describe_route_tables,
        ec2.describe_network_acls,
        ec2.describe_security_groups,
        ec2.describe_security_group_rules,
        ec2.describe_vpc_endpoints,
        ec2.describe_network_interfaces,
    ):
        operation()
    s3.head_bucket(Bucket=names.bucket)
    s3.get_bucket_policy(Bucket=names.bucket)
    s3.get_bucket_versioning(Bucket=names.bucket)
    s3.list_objects_v2(Bucket=names.bucket)
    iam.get_role(RoleName=names.role)
    iam.list_role_policies(RoleName=names.role)
    iam.get_role_policy(RoleName=names.role, PolicyName="permissions")
    for key in kms.list_keys()["Keys"]:
        kms.describe_key(KeyId=key["KeyId"])
        kms.get_key_policy(KeyId=key["KeyId"], PolicyName="default")
    logs.describe_log_groups()


def _rate(url: str) -> float:
    """Requests per second: the reads are recorded once and sent again as they were, by one client
    over one connection, so that boto3's own work is not measured."""
    clients = Clients(url)
    _Plain(clients)  # type: ignore[arg-type]
    clients.sent.clear()
    _reads(clients)
    recorded = list(clients.sent)
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)

    def again() -> None:
        for request in recorded:
            path = request.url.removeprefix(url) or "/"
            connection.request(request.method, path, request.body, dict(request.headers.items()))
            answer = connection.getresponse()
            answer.read()
            if answer.status >= 400:
                raise RuntimeError(f"{request.method} {path}: {answer.status}")

    def rounds() -> None:
        for _ in range(ROUNDS):
            again()

    again()
    seconds = timed(rounds)
    connection.close()
    return ROUNDS * len(recorded) / seconds


def _create(url: str) -> float:
    """Seconds from CreateEnvironment until GetEnvironment says AVAILABLE."""
    clients = Clients(url)
    customer = Customer(clients, "bench")  # type: ignore[arg-type]
    started = time.perf_counter()
    customer.create()
    while (status := customer.status) != "AVAILABLE":
        if status not in ("CREATING", "PENDING"):
            raise RuntimeError(f"the environment is {status}")
        time.sleep(0.01)
    return time.perf_counter() - started


def figures() -> Iterator[Figure]:
    """Four figures, each of a server of its own."""
    with _server(*OURS) as (url, started):
        Clients(url).client("sts").get_caller_identity()
        first = time.perf_counter() - started
        patched = _rate(url)
    with _server(*BARE) as (url, _):
        bare = _rate(url)
    yield Figure(name="emulated AWS, start to first answer", value=first, unit="seconds")
    yield Figure(
        name="emulated AWS, answers to the calls the program and the doctor make",
        value=patched,
        unit="requests per second",
        note="one client, one connection",
    )
    yield Figure(
        name="moto alone, the same calls",
        value=bare,
        unit="requests per second",
        note="the same server without gateway, patches and MWAA",
    )
    with _server(*OURS) as (url, _):
        yield Figure(
            name="emulated AWS, create to AVAILABLE at full speed",
            value=_create(url),
            unit="seconds",
        )
