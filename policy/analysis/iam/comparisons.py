"""How a condition operator compares a policy's value with a request's value.

AWS's documents name the operators; how values that are not quite regular compare is what IAM was
seen to do in live calls (public recordings of github.com/radkawar/stackd, testdata/aws/iam, of
September 2026; read 2026-11-27):
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

import base64
import binascii
import ipaddress
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from mwaa.model.platform import UNKNOWN, Maybe
from policy.analysis.iam.match import literal, matches, matches_arn

Compare = Callable[[str, str], Maybe[bool]]
"""Of the policy's value and the request's value; ``UNKNOWN`` where IAM gives up."""

V = TypeVar("V")


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _moment(text: str) -> Decimal | None:
    """Milliseconds since the epoch, from seconds or an ISO 8601 date; IAM knows nothing finer."""
    if (seconds := _number(text)) is not None:
        return seconds * 1000
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    stamp = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    return Decimal(int(stamp * 1000))


def _ordered(parse: Callable[[str], V | None], compare: Callable[[V, V], bool]) -> Compare:
    def both(wanted: str, given: str) -> bool:
        left, right = parse(given), parse(wanted)
        return left is not None and right is not None and compare(left, right)

    return both


def _plain(text: str) -> str:
    """An IPv4 address or block whose numbers have no leading zeros: IAM reads them as decimal."""
    address, slash, length = text.partition("/")
    octets = address.split(".")
    if len(octets) != 4 or not all(octet.isascii() and octet.isdigit() for octet in octets):
        return text
    size = str(int(length)) if length.removeprefix("+").isdigit() else length
    return ".".join(str(int(octet)) for octet in octets) + slash + size


def _read_address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """An IPv4 address inside an IPv6 one is the IPv4 address; scopes are not read."""
    if "%" in text:
        return None
    try:
        address = ipaddress.ip_address(_plain(text))
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    if mapped is not None:
        return mapped
    return None if ":" in text and "." in text else address


def is_address(text: str) -> bool:
    """Whether IAM reads the text as one address."""
    return _read_address(text) is not None


def _address(wanted: str, given: str) -> bool:
    if ":" in wanted and "." in wanted:
        return False
    try:
        # An IPv4 block may have bits of a host, an IPv6 block may not.
        network = ipaddress.ip_network(_plain(wanted), strict=":" in wanted)
    except ValueError:
        return False
    address = _read_address(given)
    return address is not None and address in network


def is_arn(text: str) -> bool:
    """Whether IAM reads the text as an ARN, or as a pattern of ARNs."""
    return text.startswith("arn:")


def _arn(wanted: str, given: str) -> Maybe[bool]:
    if not is_arn(wanted) and not set("*?") & set(wanted):
        return UNKNOWN
    return matches_arn(wanted, given)


def _decoded(text: str) -> bytes | None:
    """The bytes of a base-64 text; None where another text is the usual one for them."""
    try:
        found = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return found if base64.b64encode(found).decode() == text else None


def is_base64(text: str) -> bool:
    """Whether IAM reads the text as bytes."""
    return _decoded(text) is not None


def truth(text: str) -> bool:
    """Every text that is not ``true`` is false."""
    return text.lower() == "true"


def _comparisons(prefix: str, parse: Callable[[str], Decimal | None]) -> dict[str, Compare]:
    return {
        f"{prefix}Equals": _ordered(parse, lambda a, b: a == b),
        f"{prefix}LessThan": _ordered(parse, lambda a, b: a < b),
        f"{prefix}LessThanEquals": _ordered(parse, lambda a, b: a <= b),
        f"{prefix}GreaterThan": _ordered(parse, lambda a, b: a > b),
        f"{prefix}GreaterThanEquals": _ordered(parse, lambda a, b: a >= b),
    }


POSITIVE: Mapping[str, Compare] = {
    "StringEquals": lambda wanted, given: literal(wanted) == given,
    "StringEqualsIgnoreCase": lambda wanted, given: literal(wanted).lower() == given.lower(),
    "StringLike": matches,
    "Bool": lambda wanted, given: truth(wanted) is truth(given),
    "BinaryEquals": _ordered(_decoded, lambda a, b: a == b),
    "IpAddress": _address,
    "ArnEquals": _arn,
    "ArnLike": _arn,
    **_comparisons("Numeric", _number),
    **_comparisons("Date", _moment),
}
NEGATIVE: Mapping[str, str] = {
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
    "NotIpAddress": "IpAddress",
    "ArnNotEquals": "ArnEquals",
    "ArnNotLike": "ArnLike",
    "NumericNotEquals": "NumericEquals",
    "DateNotEquals": "DateEquals",
}
# What a request's value must be for these, and for their negations, to hold at all.
READABLE: Mapping[str, Callable[[str], bool]] = {
    "IpAddress": is_address,
    "ArnEquals": is_arn,
    "ArnLike": is_arn,
}
