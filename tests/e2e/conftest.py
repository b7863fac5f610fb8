"""The lives of the four shapes, shared by every test about them."""

from __future__ import annotations

import pytest

from tests.e2e.lives import Life, lived
from tests.e2e.rehearsal import Rehearsal
from tests.e2e.shapes import SHAPES


@pytest.fixture(scope="session", params=list(SHAPES))
def life(rehearsal: Rehearsal, request: pytest.FixtureRequest) -> Life:
    """One shape's whole life."""
    return lived(rehearsal, request.param)
