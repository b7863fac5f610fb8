"""Amazon MWAA's control plane, all operations of botocore's model, in moto's own shape."""

from rehearsal.emulator.mwaa.models import MWAABackend, mwaa_backends

__all__ = ["MWAABackend", "mwaa_backends"]
