"""CloudWatch Logs: FilterLogEvents answers in the order of time, and for a prefix of streams.

moto 5.2.5 answers stream by stream, and looks at no ``logStreamNamePrefix``.
https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
"""

import json
from typing import Any

from moto.logs.models import LogGroup
from moto.logs.responses import LogsResponse

from rehearsal.emulator.patches.seam import around

NONE: dict[str, Any] = {"events": [], "searchedLogStreams": []}


def apply() -> None:
    """Wrap the operation, and how a group looks through its streams."""

    @around(LogsResponse, "filter_log_events")
    def filter_by_prefix(original: Any, response: Any) -> Any:
        prefix = response._get_param("logStreamNamePrefix")
        group = response.logs_backend.groups.get(response._get_param("logGroupName"))
        if not prefix or group is None:
            return original(response)
        names = [name for name in group.streams if name.startswith(prefix)]
        if not names:
            return json.dumps(NONE)
        response.body = json.dumps({**json.loads(response.body), "logStreamNames": names})
        return original(response)

    @around(LogGroup, "filter_log_events")
    def in_order(original: Any, *asked: Any) -> Any:
        *others, _interleaved = asked
        return original(*others, True)
