"""The names of the streams are those that MWAA's images make."""

from mwaa.service import log_streams as streams


def test_a_container_has_a_stream_of_its_own() -> None:
    name = streams.stream_name(streams.REQUIREMENTS, "ip-10-192-20-7.ec2.internal", 1764230400.5)
    assert name == "requirements_install_ip-10-192-20-7.ec2.internal_1764230400.5.log"


def test_no_stream_of_a_task_holds_a_colon() -> None:
    name = streams.task_stream("orders", "scheduled__2026-11-27T00:00:00+00:00", "load")
    run = "scheduled__2026-11-27T00_00_00+00_00"
    assert name == f"dag_id=orders/run_id={run}/task_id=load/attempt=1.log"
    mapped = streams.task_stream("orders", "r", "load", 2, 3)
    assert mapped == "dag_id=orders/run_id=r/task_id=load/map_index=3/attempt=2.log"
    assert mapped.startswith(streams.task_prefix("orders"))
