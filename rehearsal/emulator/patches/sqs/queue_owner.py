"""SQS: the queue's URL names the account that owns it, whoever calls.

The execution role calls the queue of MWAA's own account. moto 5.2.5 looks for it among the
caller's queues. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-message-identifiers.html
"""

import re

from moto.sqs.models import SQSBackend, sqs_backends
from moto.sqs.responses import SQSResponse

from rehearsal.emulator.registry import SeamError

_OWNER = re.compile(r"https?://[^/]+/(\d{12})/[^/]+")


def apply() -> None:
    """Find the backend by the URL; where a request names none, it is the caller's."""
    if not isinstance(getattr(SQSResponse, "sqs_backend", None), property):
        raise SeamError(
            "moto no longer has moto.sqs.responses.SQSResponse.sqs_backend as a property: look "
            "whether the patch is still needed"
        )

    def backend(response: SQSResponse) -> SQSBackend:
        try:
            named = _OWNER.fullmatch(str(response._get_param("QueueUrl")))
        except (AttributeError, TypeError):
            named = None
        account = named.group(1) if named else response.current_account
        found: SQSBackend = sqs_backends[account][response.region]
        return found

    SQSResponse.sqs_backend = property(backend)  # type: ignore[method-assign, assignment]
