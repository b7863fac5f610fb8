"""One broken fact in the KMS key."""

from mwaa.subject import UNKNOWN
from tests.checks.cases import environment, key, law

CASES = [
    *law(
        "mwaa-encryption-customer-key",
        fail=[environment(kms_key=None), key(manager="AWS")],
        unknown=[environment(kms_key=UNKNOWN)],
    ),
]
