"""Small guarded repairs of what moto leaves hollow, one file per repair.

Each module has ``apply()``, which does nothing where moto no longer needs it, and a docstring
that says what AWS does and where that is written. A test beside each shows the behaviour, and
another fails once moto has it by itself.
"""

from local.emulator.repairs import bucket_policy, log_group_keys, managed_policies

REPAIRS = (bucket_policy, log_group_keys, managed_policies)

_applied: list[str] = []


def apply_all() -> None:
    """Apply every repair once in this process."""
    for repair in REPAIRS:
        if repair.__name__ not in _applied:
            repair.apply()
            _applied.append(repair.__name__)
