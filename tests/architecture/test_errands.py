"""An errand that several verbs have is done in one place."""

import pytest

from tests.architecture.tree import ROOT, sources

# A sign of the errand, and the files that may show it.
ONCE = {
    ".get_environment(Name": {
        "ops/target.py",
        # A provider's own way to read a resource, by its type.
        "rehearsal/plugins/aws/services/mwaa.py",
    },
    "inject_host_prefix": {
        "ops/aws.py",
        # Its clients are answered in the process, whatever host they name.
        "rehearsal/emulator/accounts.py",
    },
    "yaml.safe_load(": {"ops/stack.py"},
}


@pytest.mark.parametrize("sign", sorted(ONCE))
def test_an_errand_is_done_in_one_place(sign: str) -> None:
    found = {
        str(path.relative_to(ROOT))
        for path in sources("ops", "rehearsal")
        if sign in path.read_text(encoding="utf-8")
    }
    assert found == ONCE[sign]
