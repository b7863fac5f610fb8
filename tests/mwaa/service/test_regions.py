"""The list of regions agrees with what botocore knows."""

import botocore.session

from mwaa.service.regions import REGIONS


def test_the_regions_are_those_of_botocore() -> None:
    session = botocore.session.get_session()
    offered = {
        region
        for partition in session.get_available_partitions()
        for region in session.get_available_regions("mwaa", partition)
    }
    assert offered, "botocore lists MWAA's endpoints region by region"
    assert set(REGIONS) == offered
    assert list(REGIONS) == sorted(set(REGIONS))
