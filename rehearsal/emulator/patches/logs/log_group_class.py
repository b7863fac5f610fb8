"""CloudWatch Logs: every log group has a class.

moto 5.2.5 neither keeps nor tells it.
https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_LogGroup.html
"""

from typing import Any

from moto.logs.models import LogGroup
from moto.logs.responses import LogsResponse

from rehearsal.emulator.patches.seam import around

DEFAULT = "STANDARD"


def apply() -> None:
    """Wrap the creation and the description."""

    @around(LogsResponse, "create_log_group")
    def create(original: Any, response: Any) -> Any:
        answer = original(response)
        group = response.logs_backend.groups[response._get_param("logGroupName")]
        group.log_group_class = response._get_param("logGroupClass") or DEFAULT
        return answer

    @around(LogGroup, "to_describe_dict")
    def describe(original: Any, group: Any) -> Any:
        # A group that the service itself made was not asked for by an operation.
        return {**original(group), "logGroupClass": getattr(group, "log_group_class", DEFAULT)}
