"""Names that were probably meant."""

from mwaa.words import counted, nearest


def test_near_names_are_found_whatever_their_case() -> None:
    assert nearest("VPCCIDR", ["vpcCidr", "tags"]) == "vpcCidr"
    assert nearest("zzz", ["vpcCidr", "tags"]) == ""


def test_several_near_names_are_joined_the_nearest_first() -> None:
    assert nearest("prod", ["prod-1", "prod-22", "dev"], most=2) == "prod-1 or prod-22"


def test_one_thing_is_singular_and_none_is_not() -> None:
    assert [counted(n, "rule") for n in (0, 1, 2)] == ["0 rules", "1 rule", "2 rules"]
