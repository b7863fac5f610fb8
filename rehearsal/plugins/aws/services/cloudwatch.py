"""CloudWatch: metric alarms and dashboards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rehearsal.plugins.aws.context import Context
from rehearsal.plugins.aws.resource import Change, Input, ResourceType, State
from rehearsal.plugins.aws.tags import tag_list, tag_map

# Pulumi's names of an alarm's properties and AWS's.
_ALARM = {
    "actionsEnabled": "ActionsEnabled",
    "alarmActions": "AlarmActions",
    "alarmDescription": "AlarmDescription",
    "comparisonOperator": "ComparisonOperator",
    "datapointsToAlarm": "DatapointsToAlarm",
    "evaluationPeriods": "EvaluationPeriods",
    "extendedStatistic": "ExtendedStatistic",
    "insufficientDataActions": "InsufficientDataActions",
    "metricName": "MetricName",
    "namespace": "Namespace",
    "okActions": "OKActions",
    "period": "Period",
    "statistic": "Statistic",
    "threshold": "Threshold",
    "thresholdMetricId": "ThresholdMetricId",
    "treatMissingData": "TreatMissingData",
    "unit": "Unit",
}
_SETS = frozenset({"alarmActions", "insufficientDataActions", "okActions"})


def client(context: Context) -> Any:
    """The CloudWatch client in the resource's region."""
    return context.client("cloudwatch")


def _put_alarm(context: Context, inputs: State) -> str:
    request = {api: inputs[name] for name, api in _ALARM.items() if inputs.get(name) is not None}
    dimensions = inputs.get("dimensions") or {}
    if inputs.get("metricQueries"):
        request["Metrics"] = [_query(query) for query in inputs["metricQueries"]]
    elif dimensions:
        request["Dimensions"] = [{"Name": k, "Value": v} for k, v in dimensions.items()]
    if inputs.get("tagsAll"):
        request["Tags"] = tag_list(inputs["tagsAll"])
    client(context).put_metric_alarm(AlarmName=inputs["name"], **request)
    return str(inputs["name"])


def _query(query: Mapping[str, Any]) -> dict[str, Any]:
    names = {
        "id": "Id",
        "expression": "Expression",
        "label": "Label",
        "returnData": "ReturnData",
        "period": "Period",
    }
    request = {api: query[name] for name, api in names.items() if query.get(name) is not None}
    metric = query.get("metric")
    if metric:
        dimensions = metric.get("dimensions") or {}
        request["MetricStat"] = {
            "Metric": {
                "Namespace": metric.get("namespace"),
                "MetricName": metric["metricName"],
                "Dimensions": [{"Name": k, "Value": v} for k, v in dimensions.items()],
            },
            "Period": metric["period"],
            "Stat": metric["stat"],
        }
    return request


def _read_alarm(context: Context, name: str, known: State) -> State | None:
    found = client(context).describe_alarms(AlarmNames=[name])["MetricAlarms"]
    if not found:
        return None
    alarm = found[0]
    tags = client(context).list_tags_for_resource(ResourceARN=alarm["AlarmArn"])["Tags"]
    return {
        "name": name,
        "arn": alarm["AlarmArn"],
        **{property_: alarm.get(api) for property_, api in _ALARM.items()},
        "treatMissingData": alarm.get("TreatMissingData", "missing"),
        "dimensions": {d["Name"]: d["Value"] for d in alarm.get("Dimensions", [])},
        # Kept as given: AWS answers with defaults filled in at every level.
        "metricQueries": known.get("metricQueries") if alarm.get("Metrics") else None,
        "tags": tag_map(tags),
    }


def _update_alarm(context: Context, _name: str, change: Change) -> None:
    # AWS ignores tags on an alarm that exists; the tagger sets them.
    _put_alarm(context, {**change.new, "tagsAll": None})


def _retag_alarm(
    context: Context, name: str, _state: State, tags: Mapping[str, str], gone: list[str]
) -> None:
    arn = context.arn("cloudwatch", f"alarm:{name}")
    if gone:
        client(context).untag_resource(ResourceARN=arn, TagKeys=gone)
    if tags:
        client(context).tag_resource(ResourceARN=arn, Tags=tag_list(tags))


def _put_dashboard(context: Context, inputs: State) -> str:
    name = str(inputs["dashboardName"])
    client(context).put_dashboard(DashboardName=name, DashboardBody=inputs["dashboardBody"])
    return name


def _update_dashboard(context: Context, _name: str, change: Change) -> None:
    _put_dashboard(context, change.new)


def _read_dashboard(context: Context, name: str, _known: State) -> State:
    dashboard = client(context).get_dashboard(DashboardName=name)
    return {
        "dashboardName": name,
        "dashboardBody": dashboard["DashboardBody"],
        "dashboardArn": f"arn:{context.partition}:cloudwatch::{context.account}:dashboard/{name}",
    }


TYPES = (
    ResourceType(
        name="aws:cloudwatch/metricAlarm:MetricAlarm",
        inputs={
            "name": Input(replace=True, autoname="random"),
            **{name: Input(unordered=name in _SETS) for name in _ALARM},
            "actionsEnabled": Input(default=True),
            "comparisonOperator": Input(required=True),
            "evaluationPeriods": Input(required=True),
            "treatMissingData": Input(default="missing"),
            "dimensions": Input(),
            "metricQueries": Input(),
        },
        outputs=("arn",),
        create=_put_alarm,
        read=_read_alarm,
        update=_update_alarm,
        delete=lambda context, name, _: client(context).delete_alarms(AlarmNames=[name]),
        tagger=_retag_alarm,
    ),
    ResourceType(
        name="aws:cloudwatch/dashboard:Dashboard",
        inputs={
            "dashboardName": Input(required=True, replace=True),
            "dashboardBody": Input(required=True, document=True),
        },
        outputs=("dashboardArn",),
        create=_put_dashboard,
        read=_read_dashboard,
        update=_update_dashboard,
        delete=lambda context, name, _: client(context).delete_dashboards(DashboardNames=[name]),
    ),
)
