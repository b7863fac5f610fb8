"""Maps the catalog onto a CrossGuard policy pack: one stack policy for each rule.

One policy for each rule, so that CrossGuard's configuration decides its enforcement. But
``pulumi_policy`` hands every stack policy its own copy of all resources, which costs more than the
whole preview once there are a hundred. ``SharedServicer`` therefore reads the request once and
passes an empty one on. It overrides methods of the public analyzer protocol only; the class it
derives from is private to ``pulumi_policy``, so where that is gone the pack works without it, on
the copies, and is only slower.
"""

from collections.abc import Iterable
from typing import Any

import grpc
import pulumi_policy
from pulumi.runtime import proto
from pulumi_policy import (
    EnforcementLevel,
    Policy,
    PolicyComplianceFramework,
    PolicyPack,
    ReportViolation,
    StackValidationArgs,
    StackValidationPolicy,
)
from pulumi_policy.policy import Severity
from pulumi_policy.proxy import UNKNOWN_STRING_VALUE, UnknownValueError

from policy.rules.catalog import catalog, unknown_ids
from policy.rules.rule import Rule
from policy.verdicts import Verdicts, failures, message, undecided
from policy.waivers import FILE, Waivers, WaiversError
from policy.wire import from_policy_resources, from_request

NAME = "mwaa"
# What CrossGuard calls all policies of a pack in its configuration.
ALL = "all"
# The policy that shows what is waived. It is no rule: nothing of a platform breaks it.
WAIVERS = "mwaa-waivers"
DESCRIPTION = "Amazon MWAA: private, encrypted, observable, and able to start"


def policies(verdicts: Verdicts) -> list[Policy]:
    """One policy for each rule that a plan can answer, and one for what is waived."""
    rules = [_policy(rule, verdicts) for rule in catalog() if "plan" in rule.origins]
    return [*rules, _waivers(verdicts)]


def _policy(rule: Rule, verdicts: Verdicts) -> Policy:
    def validate(args: StackValidationArgs, report_violation: ReportViolation) -> None:
        located = verdicts.take(rule, lambda: from_policy_resources(args.resources))
        if failed := failures(located):
            # One violation for each rule: five log groups of one kind are one thing to fix.
            report_violation(message(rule, failed, verdicts.causes(rule)), failed[0].urn)
        if reasons := undecided(located):
            raise _UndecidedError(reasons)

    mandatory = rule.enforcement == "mandatory"
    level = EnforcementLevel.MANDATORY if mandatory else EnforcementLevel.ADVISORY
    return StackValidationPolicy(
        name=rule.id,
        display_name=rule.title,
        description=f"{rule.title}. {rule.why}",
        validate=validate,
        # A rule of one profile rests until that profile's configuration wakes it.
        enforcement_level=EnforcementLevel.DISABLED if rule.profile else level,
        severity=Severity(rule.severity),
        framework=PolicyComplianceFramework(name=rule.frameworks[0]) if rule.frameworks else None,
        tags=[rule.section()],
        remediation_steps=str(rule.fix),
        url=rule.source,
    )


def _waivers(verdicts: Verdicts) -> Policy:
    def validate(args: StackValidationArgs, report_violation: ReportViolation) -> None:
        for words, urn in verdicts.waived(lambda: from_policy_resources(args.resources)):
            report_violation(words, urn)

    return StackValidationPolicy(
        name=WAIVERS,
        display_name="What is waived is shown, and every waiver meets a failure",
        description=f"Waivers of {FILE}. Mandatory, by its name or by {ALL}: none is accepted",
        validate=validate,
        # Whoever makes it mandatory, by its name or by ``all``, accepts no waivers.
        enforcement_level=EnforcementLevel.ADVISORY,
        severity=Severity.LOW,
    )


class _UndecidedError(UnknownValueError):
    """Says through ``pulumi_policy``'s own third verdict what cannot be known: never a pass."""

    def __init__(self, reasons: str) -> None:
        super().__init__(UNKNOWN_STRING_VALUE, [])
        self.message = reasons


def unknown_rules(configured: Iterable[str]) -> str:
    """Names what a configuration of the pack configures and no rule has; empty where all is known.

    The engine passes on what it does not know, and nothing would come of it.
    """
    unknown = unknown_ids(configured, also=(ALL, WAIVERS))
    return f"the pack's configuration names no rule of it: {unknown}" if unknown else ""


def share(verdicts: Verdicts, refused: str = "") -> bool:
    """Let all policies share one reading; False where this ``pulumi_policy`` has no such seam.

    ``refused`` is the reason to judge nothing, which the engine gets as its first answer.
    """
    module = pulumi_policy.policy
    base: Any = getattr(module, "_PolicyAnalyzerServicer", None)
    if not isinstance(base, type) or not issubclass(base, proto.AnalyzerServicer):
        return False

    class SharedServicer(base):  # type: ignore[misc]
        """Judges each stack once; per-resource calls have nothing to do in this pack."""

        def Configure(self, request: Any, context: Any) -> Any:  # noqa: N802
            if wrong := refused or unknown_rules(request.policyConfig):
                context.abort(grpc.StatusCode.INVALID_ARGUMENT, wrong)
            return super().Configure(request, context)

        def AnalyzeStack(self, request: Any, context: Any) -> Any:  # noqa: N802
            verdicts.judge(from_request(request))
            return super().AnalyzeStack(proto.AnalyzeStackRequest(), context)

        def Analyze(self, request: Any, context: Any) -> Any:  # noqa: N802
            return proto.AnalyzeResponse()

        def Remediate(self, request: Any, context: Any) -> Any:  # noqa: N802
            return proto.RemediateResponse()

    module._PolicyAnalyzerServicer = SharedServicer  # type: ignore[misc]
    return True


def serve() -> None:
    """Serve the pack to the engine that started this process, until it ends it."""
    waivers, refused = Waivers(), ""
    try:
        waivers = Waivers.of_project()
    except WaiversError as error:
        refused = str(error)
    verdicts = Verdicts(waivers=waivers)
    if not share(verdicts, refused) and refused:
        raise SystemExit(refused)
    PolicyPack(name=NAME, description=DESCRIPTION, policies=policies(verdicts))
