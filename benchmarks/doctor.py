"""The doctor: seconds and AWS calls on a running environment, what ten times the network adds, and
the whole catalog on a platform that is larger than any account."""

import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace

from benchmarks.figure import Figure, side_by_side, timed
from mwaa.model.platform import Platform
from ops.commands.doctor.doctor import PERMISSIONS, Inspected, examine
from ops.commands.doctor.fleet import Fleet
from ops.commands.doctor.result import Diagnosis
from ops.live import platform as live
from ops.live.reader import AwsReader
from ops.target import describe
from policy.rules.catalog import catalog, judge
from tests.fixtures.changes import items
from tests.fixtures.changes import live as alive
from tests.fixtures.platforms import no_internet
from tests.ops.emulated import Emulated, emulated

ENDPOINTS, GROUPS = 1_000, 500
MOST_SECONDS = 1.0
FLEET, MOST_TIMES = 20, 3


def figures() -> Iterator[Figure]:
    """Calls are those of one run; the emulated AWS answers in this process, so AWS adds its own
    round trips, most of them in parallel."""
    with emulated() as there:
        seconds, calls = _examined(there)
        yield Figure(
            name="doctor on a running environment",
            value=seconds,
            unit="s",
            note=f"{calls} AWS calls, read and judged",
        )
        _tenfold(there)
        more, many = _examined(there)
        yield Figure(
            name="doctor with ten times the subnets, groups and endpoints",
            value=many - calls,
            unit="more AWS calls",
            bound=0,
            note=f"{more:.2f} s instead of {seconds:.2f} s",
        )
        yield _fleet(there)
    platform = large()
    judge(platform)
    best = min(timed(lambda: judge(large(), catalog())) for _ in range(3))
    yield Figure(
        name=f"catalog on {ENDPOINTS} endpoints and {GROUPS} groups",
        value=best,
        unit="s",
        bound=MOST_SECONDS,
        note=f"{len(catalog())} rules, best of 3",
    )


def _examined(there: Emulated) -> tuple[float, int]:
    described = there.described()
    live.read(there.aws(), described)
    aws = there.aws()
    started = time.perf_counter()
    judge(live.read(aws, described))
    return time.perf_counter() - started, aws.calls


def _tenfold(there: Emulated) -> None:
    ec2, vpc = there.customer.ec2, there.customer.vpc
    for number in range(18):
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.192.{100 + number}.0/24")
    for number in range(27):
        ec2.create_security_group(GroupName=f"group-{number}", Description="more", VpcId=vpc)
    for _ in range(45):
        there.customer.endpoint("sqs", PrivateDnsEnabled=False)


def _fleet(there: Emulated) -> Figure:
    """Twenty environments against one, each as a run of the verb: with the start of the program."""
    names = there.multiply(FLEET)
    started = (
        "import boto3; from ops.commands.doctor import doctor; "
        "from policy.rules.catalog import catalog; catalog()"
    )
    start = min(
        timed(lambda: subprocess.run([sys.executable, "-c", started], check=True)) for _ in range(3)
    )

    def one() -> None:
        inspected = Inspected(there.account(), "etl", there.described())
        examine(inspected, AwsReader(inspected.aws))

    def many() -> None:
        fleet, account = Fleet(), there.account()

        def each(name: str) -> Diagnosis:
            inspected = Inspected(account, name, {**describe(account, name)})
            return examine(inspected, fleet.reader(account))

        fleet.examine(names, each, PERMISSIONS)

    _, alone, together = side_by_side(one, many, runs=3)
    single, whole = min(alone), min(together)
    return Figure(
        name=f"doctor over {FLEET} environments of one account",
        value=(start + whole) / (start + single),
        unit="times one",
        bound=MOST_TIMES,
        note=f"{start + whole:.1f} s instead of {start + single:.1f} s, {start:.1f} s of each "
        "the start of the program; they share network, role, key and bucket",
    )


def large() -> Platform:
    """A compliant running platform among very many endpoints and groups of others."""
    platform = alive(no_internet())
    endpoints, groups = items(platform.endpoints), items(platform.security_groups)
    more_endpoints = tuple(
        replace(
            endpoints[1],
            id=f"vpce-{number}",
            service=f"com.amazonaws.vpce.us-east-1.vpce-svc-{number:017x}",
            private_dns=False,
        )
        for number in range(ENDPOINTS)
    )
    more_groups = tuple(replace(groups[0], id=f"sg-{number}") for number in range(GROUPS))
    return replace(
        platform,
        endpoints=(*endpoints, *more_endpoints),
        security_groups=(*groups, *more_groups),
    )
