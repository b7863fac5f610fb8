"""CloudWatch Logs: every log group has a class, one of those that there are.

moto 5.2.5 neither keeps nor tells it, nor looks for it.
https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_LogGroup.html
"""

from typing import Any

from moto.core.utils import get_service_model
from moto.logs.exceptions import InvalidParameterException
from moto.logs.models import LogGroup
from moto.logs.responses import LogsResponse

from rehearsal.emulator.patches.seam import around

DEFAULT = "STANDARD"


def _checked(asked: str | None) -> str | None:
    shape: Any = get_service_model("logs").shape_for("LogGroupClass")
    classes = shape.enum
    if asked and asked not in classes:
        raise InvalidParameterException(
            constraint=f"Member must satisfy enum value set: [{', '.join(classes)}]",
            parameter="logGroupClass",
            value=asked,
        )
    return asked


def apply() -> None:
    """Wrap the creation, the description and the list."""

    @around(LogsResponse, "create_log_group")
    def create(original: Any, response: Any) -> Any:
        asked = _checked(response._get_param("logGroupClass"))
        answer = original(response)
        group = response.logs_backend.groups[response._get_param("logGroupName")]
        group.log_group_class = asked or DEFAULT
        return answer

    @around(LogGroup, "to_describe_dict")
    def describe(original: Any, group: Any) -> Any:
        # A group that the service itself made was not asked for by an operation.
        return {**original(group), "logGroupClass": class_of(group)}

    @around(LogsResponse, "describe_log_groups")
    def listed(original: Any, response: Any) -> Any:
        backend, asked = response.logs_backend, _checked(response._get_param("logGroupClass"))
        every = backend.groups
        backend.groups = {
            name: group for name, group in every.items() if asked in (None, class_of(group))
        }
        try:
            return original(response)
        finally:
            backend.groups = every


def class_of(group: Any) -> str:
    """The class of a group as moto keeps it."""
    return str(getattr(group, "log_group_class", DEFAULT))
