"""How far a change disturbs Airflow, and what is known of an update of the environment.

Durations are AWS's words, not measurements: create 20 to 30 minutes and update 10 to 30
(https://docs.aws.amazon.com/mwaa/latest/userguide/create-environment.html,
https://docs.aws.amazon.com/mwaa/latest/userguide/update-environment.html); GRACEFUL lets running
tasks go on for up to 12 hours
(https://docs.aws.amazon.com/mwaa/latest/API/API_UpdateEnvironment.html).
"""

from enum import IntEnum


class Disruption(IntEnum):
    """How far a change reaches, the worse the higher."""

    NOTHING = 0
    IN_PLACE = 1
    CREATE = 2
    RESTART = 3
    INTERRUPTION = 4
    UNKNOWN = 5
    LOSS = 6


WORDS = {
    Disruption.NOTHING: "nothing for Airflow",
    Disruption.IN_PLACE: "in place, without a restart",
    Disruption.CREATE: "created",
    Disruption.RESTART: "rolling restart",
    Disruption.INTERRUPTION: "interruption",
    Disruption.UNKNOWN: "not known before the update",
    Disruption.LOSS: "loss of data",
}
ENVIRONMENT = "aws:mwaa/environment:Environment"
CREATE_MINUTES = (20, 30)
UPDATE_MINUTES = (10, 30)
# "The update procedure can take up to two hours, during which time your environment will be
# unavailable": https://docs.aws.amazon.com/mwaa/latest/userguide/upgrading-environment.html
VERSION_MINUTES = (10, 120)
GRACEFUL_HOURS = 12

# Inputs of the environment that no container has to be replaced for. Tags are a call of their own.
WITHOUT_UPDATE = frozenset({"tags", "tagsAll"})
IN_PLACE = frozenset(
    {"minWorkers", "maxWorkers", "minWebservers", "maxWebservers", "weeklyMaintenanceWindowStart"}
    | {"workerReplacementStrategy"}
)
# The provider sends the strategy in the update that changes it, and in no other (d.HasChange).
STRATEGY_SOURCE = (
    "https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/mwaa/"
    "environment.go"
)
# Seen with 2.11 and later images: an upgrade sets the slots back (read 2026-11).
POOL_SOURCE = "https://github.com/aws/amazon-mwaa-docker-images/issues/576"
