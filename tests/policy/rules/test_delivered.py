"""What findings say of delivered files ends in logs of continuous integration."""

from policy.rules.catalog import judge
from tests.fixtures.delivered import delivering
from tests.fixtures.platforms import no_internet

TOKEN = "glpat-0123456789"


def test_no_finding_repeats_the_credentials_of_an_address() -> None:
    lines = (
        f"git+https://user:{TOKEN}@example.org/x.git",
        f"orders @ git+https://{TOKEN}@example.org/x.git",
        f"--extra-index-url https://user:{TOKEN}@example.org/simple",
    )
    for line in lines:
        judged = judge(delivering(requirements=f"-c /dev/null\na==1\n{line}\n")(no_internet()))
        found = [finding.found for one in judged for finding in one.findings]
        assert [words for words in found if TOKEN in words] == []
        assert any("example.org" in words for words in found)
