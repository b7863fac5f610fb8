"""What is built: one ComponentResource per part of the platform, importable by any Pulumi program.

Components take their arguments, never the stack's configuration; only ``platform.py`` maps the
settings of a stack to arguments. They do not judge themselves: rules live in ``policy/rules/``.
"""
