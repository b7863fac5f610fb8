"""One emulated AWS and one provider for the folder's tests; every test has its own names."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

import pytest

from rehearsal.emulator.clock import Clock
from rehearsal.emulator.server import Emulator, RunningServer, create_app
from rehearsal.emulator.world import install
from rehearsal.plugins.aws.provider import AwsProvider
from rehearsal.plugins.protocol.serving import bind
from tests.rehearsal.plugins.aws.engine import Engine, Made

REGION = "us-east-1"
_numbers = count()


@pytest.fixture(scope="session")
def emulator() -> Emulator:
    """An emulated AWS whose slow operations take milliseconds."""
    return create_app(clock=Clock(speed=100_000.0))


@pytest.fixture(autouse=True, scope="module")
def _world(emulator: Emulator) -> None:
    # moto has one account store per process: whoever ran before may have left another clock.
    install(emulator.world)


@pytest.fixture(scope="session")
def _url(emulator: Emulator) -> Iterator[str]:
    with RunningServer(emulator) as server:
        yield server.url


@contextmanager
def _addressed(url: str) -> Iterator[None]:
    """The provider asks AWS there, for as long as the block runs: other tests of this process ask
    elsewhere."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", url)
        yield


@pytest.fixture(autouse=True, scope="module")
def _endpoint(_url: str) -> Iterator[None]:
    with _addressed(_url):
        yield


@pytest.fixture(scope="session")
def account(_url: str) -> str:
    """The endpoint of the emulated AWS."""
    return _url


@pytest.fixture(scope="session")
def engine(account: str) -> Iterator[Engine]:
    """A configured provider with one default tag."""
    server, port = bind(AwsProvider())
    driver = Engine(port)
    with _addressed(account):
        driver.configure(region=REGION, defaultTags='{"tags":{"project":"mwaa"}}')
    yield driver
    driver.channel.close()
    server.stop(grace=None).wait()


@pytest.fixture(scope="session")
def boto(account: str) -> Callable[[str], Any]:
    """Clients that act behind the provider's back."""
    from botocore.config import Config
    from botocore.session import Session

    def client(service: str) -> Any:
        return Session().create_client(
            service,
            region_name=REGION,
            endpoint_url=account,
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=Config(inject_host_prefix=False, s3={"addressing_style": "path"}),
        )

    return client


@pytest.fixture
def unique() -> str:
    """A name no other test uses."""
    return f"unit-{next(_numbers)}"


@pytest.fixture
def vpc(engine: Engine) -> Made:
    """A VPC with DNS names."""
    return engine.create(
        "aws:ec2/vpc:Vpc", {"cidrBlock": "10.20.0.0/16", "enableDnsHostnames": True}
    )


@pytest.fixture
def subnet(engine: Engine, vpc: Made) -> Made:
    """A private subnet of the VPC."""
    return engine.create(
        "aws:ec2/subnet:Subnet",
        {"vpcId": vpc.id, "cidrBlock": "10.20.0.0/24", "availabilityZone": f"{REGION}a"},
    )
