"""Where the emulator holds on to moto and botocore: each test names the seam that broke."""

import sys

import moto.backend_index
import moto.backends
import pytest
from moto.core.base_backend import BackendDict
from moto.core.utils import get_service_model
from moto.ec2.models import EC2Backend
from moto.s3.models import s3_backends

from rehearsal.emulator import patches, reference, registry, wire
from rehearsal.emulator.mwaa import mwaa_backends, validation
from rehearsal.emulator.registry import SeamError
from rehearsal.emulator.server import Emulator


def test_moto_finds_the_backend_by_its_host(emulator: Emulator) -> None:
    for host in ("airflow.us-east-1.amazonaws.com", "api.airflow.eu-west-1.amazonaws.com"):
        assert moto.backends.get_service_from_url(f"https://{host}") == "mwaa", host
    assert sys.modules["moto.mwaa"].mwaa_backends is mwaa_backends


def test_registering_twice_changes_nothing(emulator: Emulator) -> None:
    before = list(moto.backend_index.backend_url_patterns)
    registry.register()
    patches.apply_all()
    assert moto.backend_index.backend_url_patterns == before


def test_an_untested_moto_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "version", lambda _: "6.0.0")
    with pytest.raises(SeamError, match=r"moto 6\.0\.0 is installed; the emulator is tested with"):
        registry.register()


def test_every_operation_of_the_model_is_answered() -> None:
    assert set(reference.operations()) == set(get_service_model("mwaa").operation_names)
    assert len(reference.operations()) == 12


def test_accounts_can_be_listed_and_emptied(emulator: Emulator) -> None:
    assert isinstance(vars(BackendDict)["_instances"], list)
    assert hasattr(s3_backends, "bucket_accounts")
    backend = EC2Backend("us-east-1", "123456789012")
    for store in ("enis", "groups", "vpc_end_points", "configurations"):
        assert hasattr(backend, store), store


@pytest.mark.parametrize("shape", [
    name
    for name in get_service_model("mwaa").shape_names
    if get_service_model("mwaa").shape_for(name).metadata.get("pattern")
])  # fmt: skip
def test_every_pattern_of_the_model_can_be_read(shape: str) -> None:
    text = get_service_model("mwaa").shape_for(shape).metadata["pattern"]
    assert r"\p" not in validation.pattern(text).pattern


@pytest.mark.parametrize("service", sorted(reference.SERVICES))
def test_errors_can_be_written_for_every_service(service: str) -> None:
    answer = wire.error(service, 418, "Teapot", "short and stout")
    assert answer.status == 418
    assert b"short and stout" in answer.body
    assert b"Teapot" in answer.body or ("x-amzn-ErrorType", "Teapot") in answer.headers


def test_the_reference_page_covers_every_patch_and_control_endpoint() -> None:
    text = reference.page()
    for patch in patches.PATCHES:
        assert f"`{patch.__name__.rpartition('.')[2]}`" in text
    assert "mwaa | 12 of 12" in text
