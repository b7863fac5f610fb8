"""The errors of the MWAA API; HTTP statuses and member names come from the service model."""

from typing import Any

from moto.core.exceptions import ServiceException


class ValidationError(ServiceException):
    """400: the request, or what it refers to, is not acceptable."""

    code = "ValidationException"


class ResourceNotFoundError(ServiceException):
    """404: there is no such environment."""

    code = "ResourceNotFoundException"


class AccessDeniedError(ServiceException):
    """403: the caller may not do this."""

    code = "AccessDeniedException"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.Message = message  # the one error of this service that capitalises its member


class InternalServerError(ServiceException):
    """500: the service failed."""

    code = "InternalServerException"


class RestApiClientError(ServiceException):
    """400: Airflow's web server refused the request that InvokeRestApi relayed."""

    code = "RestApiClientException"

    def __init__(self, status: int, response: Any) -> None:
        super().__init__(f"The Airflow REST API answered {status}.")
        self.RestApiStatusCode = status
        self.RestApiResponse = response


class MalformedRequestError(ServiceException):
    """400 or 415, before any operation: a body or content type that is no MWAA request.

    The model does not list these; https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html
    does.
    """

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(code, message)
        self.status = status
