"""The garbage collector rests while many modules are imported, and no longer."""

import gc

import pytest

from mwaa.imports import quick_imports


@pytest.mark.parametrize("collecting", [True, False])
def test_the_collector_rests_and_is_afterwards_as_it_was(collecting: bool) -> None:
    before = gc.isenabled()
    (gc.enable if collecting else gc.disable)()
    try:
        with pytest.raises(ImportError), quick_imports():
            assert not gc.isenabled()
            raise ImportError
        assert gc.isenabled() is collecting
    finally:
        (gc.enable if before else gc.disable)()
