"""The Pulumi engine's gRPC protocol, as the rehearsal's plugins and language host speak it.

`stubs` loads the generated messages, `values` and `properties` are the engine's value model in
Python, `serving` starts a plugin and announces its port.
Source: https://github.com/pulumi/pulumi/tree/master/proto/pulumi
"""
