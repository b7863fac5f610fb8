"""One table of resource types, or of functions, per AWS service (EC2's by topic).

What replaces and what updates follows the published provider, which follows
https://github.com/hashicorp/terraform-provider-aws/tree/main/internal/service.
"""
