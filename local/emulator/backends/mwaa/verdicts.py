"""What the service finds only while it builds, and how it words it."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from local.emulator.backends.mwaa.models import Environment

# Wording: https://github.com/LBHackney-IT/Data-Platform/pull/1764
INCORRECT_CONFIGURATION = (
    "INCORRECT_CONFIGURATION",
    "You may need to check the execution role permissions policy for your environment, and that "
    "each of the VPC networking components required by the environment are configured to allow "
    "traffic. Troubleshooting: "
    "https://docs.aws.amazon.com/mwaa/latest/userguide/troubleshooting.html",
)
NO_ENDPOINTS = (
    "INCORRECT_CONFIGURATION",
    "The VPC endpoints of the environment were not created within 72 hours.",
)


def failure(environment: "Environment") -> tuple[str, str] | None:
    """Error code and message, or None where the environment can run."""
    return None
