"""A stand-in for `pulumi-resource-aws`: the resource types this program uses, over boto's clients.

For rehearsal and tests only. It speaks the engine's provider protocol, drives an emulated AWS on
the loopback address and refuses every other endpoint. `services/` holds one table of resource
types per AWS service; a type or a property that no table names is an error that says its name.
"""
