"""Python processes that need not import the SDKs first: forks of one that has.

A run of the engine starts five of them (language host, program, policy pack, two plugins), and most
of their time was the import of modules that do not change between. ``server`` imports these once
and forks a child for each ``client``, which stands in for it: the engine sees an ordinary process.
"""
