"""The emulated AWS: moto's server on the loopback address, patched, with an MWAA control plane.

``server`` starts it, ``gateway`` is the WSGI door that every request passes, ``backends/mwaa``
is the service itself in moto's own shape, ``patches`` fills what moto leaves hollow.
"""
