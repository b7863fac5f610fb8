"""Where our decision and AWS's recorded one differ, and why that stays so.

Each reason stands with the decisions it is for, by their names in ``iam_decisions``: a name that
no longer differs fails the test, and so does a difference without a reason.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

# Reason -> patterns of names; a pattern must match from the first character.
EXCUSES: Final[Mapping[str, tuple[str, ...]]] = {
    "the simulator denies an action on other kinds of resources than it takes; a request of ours "
    "names one of the action's own kind, and the emulated simulator has the table of kinds": (
        r"resource_wrong_type:",
        r"input_resources_known_",
        r"input_resources_partitions: iam:GetUser on arn:aws-(cn|us-gov):sqs:",
    ),
    "letters beyond U+FFFF: IAM counts UTF-16 units and folds none of them; no name, path or key "
    "of ours can hold one": (
        r"strings_sim_(14_StringEqualsIgnoreCase|(20|21|24|25|31)_StringLike|(39|41|47)_ArnLike"
        r"|(40|42|48)_Resource_NotResource):",
        r"enforcement (221|222|225|226|227|228|231|232|233|234|245|246|255|256|259|260|263):",
    ),
    "a context value of a number's or date's type is rewritten before texts are compared; values of"
    " ours are texts": (
        r"input_canonical_(numeric|date|date_zero|date_offset|date_fraction):",
        r"input_coercion_(numeric_35|date_36):",
        r"input_type_match_numeric_list_original_text:",
    ),
    "live calls and the simulator differ on a block or a number that cannot be read under a negated"
    " operator: ours is the live decision": (
        r"ip_sim_(23|24|31|40|41|48|49|50|51)_IpAddress: s3:PutObject",
        r"ip_sim_resource_policy_(not_an_ip|ipv6_host_bits): s3:PutObject",
        r"ip_sim_(25|26|29|30)_IpAddress: s3:PutObject",
        r"values_sim_NumericNotEquals_malformed_value:",
    ),
    "an IPv6 address or block in a form that RFC 4291 does not have; no service sends one": (
        r"ip_sim_(46|47|53|56|57|58|59|60|61|64|65)_IpAddress:",
        r"ip_sim_(leading|trailing)_colon_value:",
        r"enforcement (307|308|313|316):",
    ),
    "simulated without a caller; a request of ours has one": (
        r"composition_no_caller_presence_(principal_arn|userid|username):",
    ),
}


def reason_for(name: str) -> str:
    """Why a decision of this name may differ; empty without a reason."""
    for reason, patterns in EXCUSES.items():
        if any(re.match(pattern, name) for pattern in patterns):
            return reason
    return ""


def unused(names: list[str]) -> list[str]:
    """The patterns that none of the names matches."""
    return [
        pattern
        for patterns in EXCUSES.values()
        for pattern in patterns
        if not any(re.match(pattern, name) for name in names)
    ]
