"""IAM: users, groups and managed policies have ids of AWS's form, and policies tell their names.

moto 5.2.5 gives users and groups ids in lower case without the prefix, and leaves name and id of a
policy out of GetAccountAuthorizationDetails.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html (unique identifiers)
"""

from operator import attrgetter
from typing import Any

from moto.iam.models import Group, ManagedPolicy, User

from rehearsal.emulator.patches.seam import around

LENGTH = 21


def apply() -> None:
    """Wrap the making of each, and the account's details."""
    for kind, prefix in ((User, "AIDA"), (Group, "AGPA"), (ManagedPolicy, "ANPA")):

        @around(kind, "__init__")
        def init(original: Any, made: Any, *args: Any, _prefix: str = prefix, **more: Any) -> None:
            original(made, *args, **more)
            made.id = f"{_prefix}{str(made.id).upper()}"[:LENGTH]

    # moto looks for members of an answer among the attributes of what it keeps.
    for name, kept in (("policy_name", "name"), ("policy_id", "id")):
        setattr(ManagedPolicy, name, property(attrgetter(kept)))
