"""EC2: AWS's own prefix lists have one id in a region, whoever asks.

moto 5.2.5 gives each account ids of its own, so that a rule of one account cannot name the list of
a gateway endpoint that another made in a shared VPC.
https://docs.aws.amazon.com/vpc/latest/userguide/working-with-aws-managed-prefix-lists.html
"""

import hashlib
from typing import Any

from moto.ec2.models.managed_prefixes import ManagedPrefixList

from rehearsal.emulator.patches.seam import around


def apply() -> None:
    """Wrap the making of lists."""

    @around(ManagedPrefixList, "__init__")
    def init(original: Any, made: Any, *args: Any, **more: Any) -> None:
        original(made, *args, **more)
        if str(made.prefix_list_name).startswith("com.amazonaws."):
            random = made.id
            made.id = f"pl-{hashlib.sha256(made.prefix_list_name.encode()).hexdigest()[:8]}"
            made.prefix_list_arn = made.prefix_list_arn.replace(random, made.id)
