"""What each resource type is tried with: valid inputs, one change, and what AWS makes of both."""

from tests.rehearsal.plugins.aws.scenes import network, services
from tests.rehearsal.plugins.aws.scenes.scene import TRUST, Scene
from tests.rehearsal.plugins.aws.scenes.services import environment

SCENES = (*network.SCENES, *services.SCENES)

__all__ = ["SCENES", "TRUST", "Scene", "environment"]
