"""The reports of ``../shared/reference/users.md`` by their numbers there: each in one line, with
its public source and the tests that fail when its right answer is lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

IMAGE = "https://github.com/aws/amazon-mwaa-docker-images"


@dataclass(frozen=True, kw_only=True)
class Report:
    """One report. ``tests`` are functions as ``path::name``; ``rules`` are rules whose cases of
    failure and of another verdict (``tests/policy/rules/cases_*.py``) hold the answer."""

    number: int
    about: str
    source: str
    tests: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()

    @property
    def is_handled(self) -> bool:
        """Whether a test holds the answer; tests/reports/test_reports.py looks that each exists."""
        return bool(self.tests or self.rules)


REPORTS: tuple[Report, ...] = (
    Report(
        number=1,
        about="2.11 rises to 3 in place and falls back; the provider would replace",
        source="https://docs.aws.amazon.com/mwaa/latest/userguide/upgrading-environment.html",
        tests=(
            "tests/e2e/test_updates.py::"
            "test_a_major_version_rises_outside_of_the_program_and_falls_by_it",
        ),
    ),
    Report(
        number=2,
        about="providers beyond Airflow's constraints work: only the image's essential pins bind",
        source="https://github.com/aws/aws-mwaa-local-runner/issues/346",
        tests=(
            "tests/ops/commands/test_preflight.py::"
            "test_only_the_essential_pins_bind_beside_the_users_own_constraints",
        ),
    ),
    Report(
        number=3,
        about="a constraint in a comment and /dev/null are the two known escapes",
        source=f"{IMAGE}/pull/91",
        tests=(
            "tests/ops/commands/test_preflight.py::"
            "test_the_known_escapes_leave_the_essential_pins_alone",
        ),
        rules=("mwaa-delivery-requirements-constrained",),
    ),
    Report(
        number=4,
        about="pip failed, the environment is AVAILABLE, and only a log stream says so",
        source="https://github.com/apache/airflow/issues/20914",
        tests=("tests/ops/live/test_logs.py::test_the_doctor_says_why_nothing_is_installed",),
        rules=("mwaa-logs-requirements-installed", "mwaa-logs-startup-script-succeeded"),
    ),
    Report(
        number=5,
        about="in a shared VPC only its owner can make the endpoints",
        source="https://repost.aws/knowledge-center/vpc-interface-endpoint-creation-errors",
        tests=(
            "tests/rehearsal/emulator/mwaa/test_shared_vpc.py::"
            "test_the_participant_makes_nothing_that_is_the_owners",
            "tests/rehearsal/emulator/mwaa/test_shared_vpc.py::"
            "test_an_environment_waits_until_the_owner_has_made_both_endpoints",
        ),
    ),
    Report(
        number=6,
        about="the common startup script of dbt keeps PIP_USER and fetches what cannot be reached",
        source="https://github.com/astronomer/astronomer-cosmos/issues/1883",
        rules=(
            "mwaa-delivery-startup-script-offline",
            "mwaa-delivery-startup-script-exports-harmless",
        ),
    ),
    Report(
        number=7,
        about="set -e in the startup script stops the container, exit 1 does not",
        source=f"{IMAGE}/tree/main/images",
        rules=(
            "mwaa-delivery-startup-script-lets-containers-start",
            "mwaa-delivery-startup-script-exits-zero",
        ),
    ),
    Report(
        number=9,
        about="workers of Airflow 3 fill their disks with task logs",
        source=f"{IMAGE}/pull/609",
        tests=(
            "tests/mwaa/service/test_known_defects.py::"
            "test_an_image_of_the_day_of_the_change_is_without_the_defect",
        ),
        rules=("mwaa-environment-image-without-known-defects",),
    ),
    Report(
        number=10,
        about="from 3.2 on an image sends no worker heartbeat, and healthy workers are replaced",
        source=f"{IMAGE}/pull/503",
        tests=("tests/mwaa/service/test_known_defects.py::test_a_defect_is_of_some_versions",),
        rules=("mwaa-environment-worker-heartbeat",),
    ),
    Report(
        number=11,
        about="options of metrics that the image overrides do nothing",
        source=f"{IMAGE}/pull/73",
        tests=(
            "tests/mwaa/service/test_airflow_options.py::"
            "test_what_an_image_forces_depends_on_its_version",
            "tests/mwaa/settings/rules/test_options.py::"
            "test_an_option_that_the_image_overrides_is_refused",
        ),
    ),
    Report(
        number=12,
        about="CodeArtifact by startup script or included file works, a token in clear expires",
        source="https://docs.aws.amazon.com/mwaa/latest/userguide/samples-code-artifact.html",
        rules=(
            "mwaa-delivery-requirements-offline",
            "mwaa-delivery-requirements-hold-no-secrets",
        ),
    ),
    Report(
        number=13,
        about="the account's public access block is enough for a bucket",
        source="https://github.com/awslabs/aws-support-tools/pull/168",
        tests=(
            "tests/rehearsal/emulator/mwaa/test_refusals.py::"
            "test_the_account_may_block_public_access_for_the_bucket",
        ),
        rules=("mwaa-storage-public-access-blocked",),
    ),
    Report(
        number=14,
        about="endpoints that another VPC holds are behind a hosted zone, out of sight",
        source="https://github.com/ministryofjustice/modernisation-platform/issues/13221",
        rules=("mwaa-network-required-endpoints",),
    ),
    Report(
        number=15,
        about="two environments share one VPC and its endpoints",
        source="https://github.com/crossplane-contrib/provider-aws/issues/2134",
        tests=(
            "tests/rehearsal/emulator/mwaa/test_two_environments.py::"
            "test_the_second_lives_once_the_first_stack_names_it",
        ),
    ),
    Report(
        number=16,
        about="the constraints file is not in the bucket yet at the first create",
        source="https://github.com/awslabs/aiops-modules/pull/32",
        rules=("mwaa-delivery-requirements-files-present",),
    ),
    Report(
        number=17,
        about="what an upgrade does to a large database and to the default pool",
        source=f"{IMAGE}/pull/241",
        tests=(
            "tests/ops/commands/upgrade/test_upgrade.py::"
            "test_each_step_is_made_and_the_stack_and_the_pools_follow",
            "tests/ops/commands/upgrade/test_upgrade.py::"
            "test_a_rollback_is_told_with_its_cause_and_the_version_that_runs",
        ),
    ),
    Report(
        number=18,
        about="DAGs that import on Airflow 3 fail when their tasks ask the metadata database",
        source="https://github.com/apache/airflow/issues/50601",
        rules=(
            "mwaa-delivery-dags-fit-airflow-3",
            "mwaa-delivery-dags-leave-database-alone",
        ),
    ),
    Report(
        number=20,
        about="each Variable.get while parsing asks Secrets Manager",
        source="https://airflow.apache.org/docs/apache-airflow-providers-amazon/stable/"
        "secrets-backends/aws-secrets-manager.html",
        tests=(
            "tests/mwaa/settings/rules/test_options.py::test_lookup_patterns_reach_the_backend",
        ),
    ),
    Report(
        number=22,
        about="an export to the source bucket is denied by the S3 endpoint's policy",
        source="https://github.com/aws-samples/amazon-mwaa-examples/issues/78",
        tests=(
            "tests/mwaa/service/test_endpoints.py::"
            "test_the_source_bucket_is_written_through_the_endpoint_where_it_is_opened",
            "tests/components/test_identity.py::test_dags_write_where_it_is_opened",
        ),
        rules=("mwaa-identity-writes-pass-endpoint",),
    ),
    Report(
        number=24,
        about="a create that fails takes the service about three hours to call failed",
        source="https://github.com/hashicorp/terraform-provider-aws/pull/32869",
        tests=(
            "tests/components/test_environment.py::test_timeouts_leave_room_for_graceful_updates",
            "tests/e2e/test_choices.py::test_how_long_the_engine_waits_is_no_change_of_a_stack",
        ),
    ),
    Report(
        number=27,
        about="people assume the execution role to find faults with its rights",
        source="https://github.com/aws-ia/terraform-aws-mwaa/issues/55",
        tests=("tests/components/test_identity.py::test_people_may_assume_the_role_when_named",),
        rules=("mwaa-identity-trust-only-mwaa",),
    ),
)


def figure() -> Iterator[str]:
    """How many are handled."""
    handled = [report for report in REPORTS if report.is_handled]
    yield f"reports of users.md handled: {len(handled)} of {len(REPORTS)}"


def lines() -> Iterator[str]:
    """The figure, and each report with what holds it."""
    yield from figure()
    for report in REPORTS:
        sign = "held by" if report.is_handled else "not handled"
        names = [*(test.rpartition("::")[2] for test in report.tests), *report.rules]
        yield f"  {report.number:>2}  {report.about} ({report.source}): {sign} {', '.join(names)}"
