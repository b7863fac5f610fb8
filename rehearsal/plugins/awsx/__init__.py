"""A stand-in for `pulumi-resource-awsx`: the component `awsx:ec2:Vpc`, child by child.

For rehearsal and tests only. It registers what the published plugin registers: types, logical
names, parents, inputs and tags, so that states, plans and policies look alike. What it does not
have it refuses by name.
Source: https://github.com/pulumi/pulumi-awsx/tree/master/awsx/ec2
"""
