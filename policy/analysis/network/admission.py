"""What a filter lets through: the packets it refuses for sure, and those it may refuse.

Network ACLs and security groups both answer with an ``Admission``; this is the one place where
"all of them" and "one of them, we do not know which" become a verdict.
"""

from dataclasses import dataclass

from policy.analysis.network.addresses import Addresses, Packets
from policy.analysis.verdict import Verdict


@dataclass(frozen=True)
class Admission:
    """The answer of a filter to ``asked``.

    ``refused`` is refused whatever the unknown facts are; ``doubtful`` is refused for some value
    of them (it includes ``refused``). Empty ``doubtful`` means that everything passes.
    """

    asked: Packets
    refused: tuple[Packets, ...]
    doubtful: tuple[Packets, ...]

    def verdict(self, *, every: bool = True) -> Verdict:
        """``every``: all asked addresses must pass. Otherwise the far end has one of them, not
        known which: FAIL only when each of them is refused on some asked port."""
        if not self.doubtful:
            return Verdict.PASS
        if every:
            return Verdict.FAIL if self.refused else Verdict.UNKNOWN
        hit = Addresses()
        for packets in self.refused:
            hit = hit | packets.addresses
        return Verdict.FAIL if self.asked.addresses <= hit else Verdict.UNKNOWN

    @property
    def sample(self) -> str:
        """The first packets that do not pass, for the reason of a finding."""
        shut = self.refused or self.doubtful
        return str(shut[0]) if shut else ""


def subtract(packets: tuple[Packets, ...], region: Packets) -> tuple[Packets, ...]:
    """``packets`` without those that lie in ``region``."""
    return tuple(rest for part in packets for rest in part.cut(region)[1])


def within(packets: tuple[Packets, ...], region: Packets) -> tuple[Packets, ...]:
    """Those of ``packets`` that lie in ``region``."""
    return tuple(shared for part in packets if (shared := part.cut(region)[0]) is not None)
