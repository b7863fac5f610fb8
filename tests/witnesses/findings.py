"""What a reading against AWS's documents and the provider's source found, and the tests that hold
it: ``../shared/reference/fidelity.md`` has the findings by these names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

RULES = "tests/policy/rules/test_compliance.py::test_one_broken_fact"
PATCHES = "tests/rehearsal/emulator/patches/"

FINDINGS: Mapping[str, str] = {
    "A1": "tests/ops/live/test_simulation.py::"
    "test_the_decision_on_each_resource_is_read_not_the_worst_of_all",
    "A2": "tests/e2e/test_credentials.py::"
    "test_the_last_look_and_the_wait_follow_the_provider_into_its_account",
    "A3": "tests/ops/commands/test_permissions.py::"
    "test_the_service_may_make_its_endpoints_in_what_they_stand_in",
    "A4": "tests/components/test_endpoints.py::test_no_policy_is_sent_to_a_service_that_takes_none",
    "A5": "tests/components/test_endpoints.py::test_open_policies_let_all_pass_and_are_written_out",
    "A6": "tests/ops/commands/test_doctor.py::"
    "test_what_was_a_stale_read_is_read_again_and_refuses_nothing",
    "B1": "tests/e2e/test_updates.py::"
    "test_a_major_version_rises_outside_of_the_program_and_falls_by_it",
    "B2": "tests/mwaa/settings/test_replacement.py::test_an_ended_version_is_kept_and_taken_over",
    "B3": "tests/e2e/test_updates.py::"
    "test_after_a_failed_update_the_state_holds_what_was_wanted_until_it_is_refreshed",
    "B4": "tests/e2e/test_updates.py::test_a_replacement_that_is_allowed_deletes_first",
    "C1": "tests/ops/live/test_simulation.py::"
    "test_one_call_for_each_set_of_resources_and_no_resource_for_anywhere",
    "C2": "tests/ops/commands/test_impact.py::"
    "test_a_version_change_ends_running_tasks_and_takes_up_to_two_hours",
    "C3": RULES,
    "C4": "tests/policy/plan/test_platform.py::"
    "test_another_version_of_the_plugin_is_the_same_provider",
    "C5": "tests/recorded/test_answers.py::test_the_places_of_old_buckets_are_regions",
    "C6": RULES,
    "D1": "tests/rehearsal/emulator/mwaa/test_lifecycle.py::"
    "test_an_upgrade_makes_a_snapshot_on_its_way",
}
"""A test for each finding. D2 is the replay of recorded requests in this folder; D3 to D6 asked for
no change, or are in docs/reference/believed.md."""


def findings() -> Iterator[str]:
    yield f"findings of fidelity.md held by a test: {len(FINDINGS)}: {', '.join(FINDINGS)}"
