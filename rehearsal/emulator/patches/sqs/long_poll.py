"""SQS: a ReceiveMessage that waits does not hold up other calls, and ends with its client.

moto 5.2.5 waits inside the call, and hands a message that comes later to a client that has gone: it
stays invisible for the queue's whole timeout. Here the call returns at once and says how long it
would have waited; the gateway asks again, outside of the lock, as long as the client is there.
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-short-and-long-polling.html
"""

from typing import Any

from moto.sqs.models import SQSBackend

from rehearsal.emulator import waiting
from rehearsal.emulator.patches.seam import around


def apply() -> None:
    """Wrap the receiving of messages."""

    @around(SQSBackend, "receive_message")
    def receive(
        original: Any, backend: Any, queue_name: str, count: int, wait: int, *more: Any
    ) -> Any:
        found = original(backend, queue_name, count, 0, *more)
        if not found:
            waiting.ask_again(wait)
        return found
