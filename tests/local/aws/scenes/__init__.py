"""What each resource type is tried with: valid inputs, one change, and what AWS makes of both."""

from tests.local.aws.scenes import network, services
from tests.local.aws.scenes.scene import TRUST, Scene
from tests.local.aws.scenes.services import environment

SCENES = (*network.SCENES, *services.SCENES)

__all__ = ["SCENES", "TRUST", "Scene", "environment"]
