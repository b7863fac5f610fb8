"""Every call that reading an environment may make, with the IAM action it needs."""

from typing import Final

from mwaa.service.iam_actions import action_of

# boto's service and operation. A test holds the list against what the emulated AWS was asked.
CALLS: Final = (
    ("cloudwatch", "describe_alarms"),
    ("cloudwatch", "get_metric_data"),
    ("ec2", "describe_dhcp_options"),
    ("ec2", "describe_flow_logs"),
    ("ec2", "describe_internet_gateways"),
    ("ec2", "describe_nat_gateways"),
    ("ec2", "describe_network_acls"),
    ("ec2", "describe_network_interfaces"),
    ("ec2", "describe_prefix_lists"),
    ("ec2", "describe_route_tables"),
    ("ec2", "describe_security_groups"),
    ("ec2", "describe_subnets"),
    ("ec2", "describe_vpc_attribute"),
    ("ec2", "describe_vpc_endpoint_services"),
    ("ec2", "describe_vpc_endpoints"),
    ("ec2", "describe_vpcs"),
    ("ec2", "get_managed_prefix_list_entries"),
    ("iam", "get_account_authorization_details"),
    ("iam", "get_context_keys_for_principal_policy"),
    ("iam", "get_policy"),
    ("iam", "get_policy_version"),
    ("iam", "get_role"),
    ("iam", "get_role_policy"),
    ("iam", "list_attached_role_policies"),
    ("iam", "list_role_policies"),
    ("iam", "simulate_principal_policy"),
    ("kms", "describe_key"),
    ("kms", "get_key_policy"),
    ("kms", "get_key_rotation_status"),
    ("kms", "list_grants"),
    ("logs", "describe_log_groups"),
    ("logs", "describe_log_streams"),
    ("logs", "get_log_events"),
    ("mwaa", "get_environment"),
    ("mwaa", "list_environments"),
    ("route53", "list_hosted_zones_by_vpc"),
    ("route53", "list_resource_record_sets"),
    ("s3", "get_bucket_encryption"),
    ("s3", "get_bucket_lifecycle_configuration"),
    ("s3", "get_bucket_location"),
    ("s3", "get_bucket_logging"),
    ("s3", "get_bucket_ownership_controls"),
    ("s3", "get_bucket_policy"),
    ("s3", "get_bucket_versioning"),
    ("s3", "get_object"),
    ("s3", "get_public_access_block"),
    ("s3", "head_object"),
    ("s3", "list_objects_v2"),
    ("s3control", "get_public_access_block"),
    ("service-quotas", "list_service_quotas"),
    ("sts", "get_caller_identity"),
)

PERMISSIONS: Final = tuple(
    sorted(
        {action_of(*call) for call in CALLS}
        # The same call with a version needs an action of its own, and an encrypted object its key.
        | {"s3:GetObjectVersion", "kms:Decrypt"}
    )
)
