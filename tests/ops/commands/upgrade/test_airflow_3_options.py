"""What Airflow 3 reads no longer: by the names that a stack file would have."""

from ops.commands.upgrade.airflow_3_options import DEFAULTS, MOVED, REMOVED


def test_an_option_is_moved_or_removed_and_never_both() -> None:
    assert not REMOVED & (MOVED.keys() - {"core.load_default_connections"})
    assert MOVED["webserver.navbar_color"] == "fab.navbar_color"
    assert MOVED["scheduler.min_file_process_interval"] == "dag_processor.min_file_process_interval"
    assert "core.check_slas" in REMOVED
    assert DEFAULTS["scheduler.catchup_by_default"] == ("True", "False")


def test_every_name_is_a_section_and_an_option() -> None:
    for name in (*MOVED, *MOVED.values(), *REMOVED, *DEFAULTS):
        assert name.count(".") == 1
