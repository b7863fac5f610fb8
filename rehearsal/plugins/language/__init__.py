"""The Python language host for an engine that was built without one.

The official Pulumi CLI ships `pulumi-language-python`; an engine built from its Go module does
not. The protocol is `LanguageRuntime` in
https://github.com/pulumi/pulumi/blob/master/proto/pulumi/language.proto.
"""
