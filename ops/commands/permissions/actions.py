"""What the AWS provider calls for each type of resource, as IAM actions without their service.

Create, read, update, tag and delete; what is read again after every change is among them. Sources:
https://github.com/hashicorp/terraform-provider-aws/tree/main/internal/service and
https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from typing import Final

# Type token -> service -> actions.
ACTIONS: Final[dict[str, dict[str, str]]] = {
    "aws:ec2/vpc:Vpc": {
        "ec2": "CreateVpc DeleteVpc ModifyVpcAttribute DescribeVpcs DescribeVpcAttribute "
        "DescribeNetworkAcls DescribeRouteTables DescribeSecurityGroups"
    },
    "aws:ec2/subnet:Subnet": {
        "ec2": "CreateSubnet DeleteSubnet ModifySubnetAttribute DescribeSubnets "
        "DescribeNetworkInterfaces"
    },
    "aws:ec2/internetGateway:InternetGateway": {
        "ec2": "CreateInternetGateway DeleteInternetGateway AttachInternetGateway "
        "DetachInternetGateway DescribeInternetGateways"
    },
    "aws:ec2/eip:Eip": {
        "ec2": "AllocateAddress ReleaseAddress AssociateAddress DisassociateAddress "
        "DescribeAddresses DescribeAddressesAttribute"
    },
    "aws:ec2/natGateway:NatGateway": {
        "ec2": "CreateNatGateway DeleteNatGateway DescribeNatGateways DescribeAddresses"
    },
    "aws:ec2/routeTable:RouteTable": {
        "ec2": "CreateRouteTable DeleteRouteTable DescribeRouteTables DisassociateRouteTable "
        "CreateRoute DeleteRoute ReplaceRoute"
    },
    "aws:ec2/route:Route": {"ec2": "CreateRoute DeleteRoute ReplaceRoute DescribeRouteTables"},
    "aws:ec2/routeTableAssociation:RouteTableAssociation": {
        "ec2": "AssociateRouteTable DisassociateRouteTable ReplaceRouteTableAssociation "
        "DescribeRouteTables"
    },
    "aws:ec2/securityGroup:SecurityGroup": {
        "ec2": "CreateSecurityGroup DeleteSecurityGroup DescribeSecurityGroups "
        "DescribeSecurityGroupRules RevokeSecurityGroupEgress RevokeSecurityGroupIngress "
        "AuthorizeSecurityGroupEgress AuthorizeSecurityGroupIngress DescribeNetworkInterfaces"
    },
    # Its rules are revoked; the program gives it none, and no tags.
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": {
        "ec2": "DescribeSecurityGroups DescribeSecurityGroupRules RevokeSecurityGroupEgress "
        "RevokeSecurityGroupIngress"
    },
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": {
        "ec2": "AuthorizeSecurityGroupIngress RevokeSecurityGroupIngress "
        "ModifySecurityGroupRules DescribeSecurityGroupRules"
    },
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": {
        "ec2": "AuthorizeSecurityGroupEgress RevokeSecurityGroupEgress "
        "ModifySecurityGroupRules DescribeSecurityGroupRules"
    },
    "aws:ec2/vpcEndpoint:VpcEndpoint": {
        "ec2": "CreateVpcEndpoint DeleteVpcEndpoints ModifyVpcEndpoint DescribeVpcEndpoints "
        "DescribePrefixLists DescribeManagedPrefixLists GetManagedPrefixListEntries "
        "DescribeNetworkInterfaces DescribeVpcEndpointServices"
    },
    "aws:ec2/flowLog:FlowLog": {"ec2": "CreateFlowLogs DeleteFlowLogs DescribeFlowLogs"},
    "aws:s3/bucket:Bucket": {
        "s3": "CreateBucket DeleteBucket DeleteBucketPolicy DeleteObject DeleteObjectVersion "
        "GetAccelerateConfiguration GetBucketAcl GetBucketCORS GetBucketLocation "
        "GetBucketLogging GetBucketObjectLockConfiguration GetBucketPolicy "
        "GetBucketRequestPayment GetBucketTagging GetBucketVersioning GetBucketWebsite "
        "GetEncryptionConfiguration GetLifecycleConfiguration GetReplicationConfiguration "
        "ListBucket ListBucketVersions PutBucketTagging ListTagsForResource TagResource "
        "UntagResource"
    },
    "aws:s3/bucketVersioning:BucketVersioning": {"s3": "GetBucketVersioning PutBucketVersioning"},
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": {
        "s3": "GetBucketPublicAccessBlock PutBucketPublicAccessBlock"
    },
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": {
        "s3": "GetEncryptionConfiguration PutEncryptionConfiguration"
    },
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": {
        "s3": "GetBucketOwnershipControls PutBucketOwnershipControls"
    },
    "aws:s3/bucketPolicy:BucketPolicy": {
        "s3": "GetBucketPolicy PutBucketPolicy DeleteBucketPolicy"
    },
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": {
        "s3": "GetLifecycleConfiguration PutLifecycleConfiguration"
    },
    "aws:s3/bucketLogging:BucketLogging": {"s3": "GetBucketLogging PutBucketLogging"},
    "aws:s3/bucketObjectv2:BucketObjectv2": {
        "s3": "PutObject GetObject GetObjectVersion GetObjectTagging GetObjectVersionTagging "
        "PutObjectTagging DeleteObject DeleteObjectVersion ListBucket ListBucketVersions"
    },
    "aws:kms/key:Key": {
        "kms": "CreateKey DescribeKey GetKeyPolicy PutKeyPolicy GetKeyRotationStatus "
        "EnableKeyRotation DisableKeyRotation ListResourceTags TagResource UntagResource "
        "UpdateKeyDescription EnableKey ScheduleKeyDeletion"
    },
    "aws:kms/alias:Alias": {"kms": "CreateAlias DeleteAlias UpdateAlias ListAliases"},
    "aws:iam/role:Role": {
        "iam": "CreateRole DeleteRole GetRole UpdateRole UpdateRoleDescription "
        "UpdateAssumeRolePolicy TagRole UntagRole ListRolePolicies ListAttachedRolePolicies "
        "ListInstanceProfilesForRole GetRolePolicy DeleteRolePolicy DetachRolePolicy "
        "PutRolePermissionsBoundary DeleteRolePermissionsBoundary"
    },
    "aws:iam/rolePolicy:RolePolicy": {"iam": "PutRolePolicy GetRolePolicy DeleteRolePolicy"},
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": {
        "iam": "AttachRolePolicy DetachRolePolicy ListAttachedRolePolicies"
    },
    "aws:iam/policy:Policy": {
        "iam": "CreatePolicy DeletePolicy GetPolicy GetPolicyVersion CreatePolicyVersion "
        "DeletePolicyVersion ListPolicyVersions TagPolicy UntagPolicy"
    },
    "aws:cloudwatch/logGroup:LogGroup": {
        "logs": "CreateLogGroup DeleteLogGroup DescribeLogGroups PutRetentionPolicy "
        "DeleteRetentionPolicy AssociateKmsKey DisassociateKmsKey ListTagsForResource "
        "TagResource UntagResource"
    },
    "aws:cloudwatch/metricAlarm:MetricAlarm": {
        "cloudwatch": "PutMetricAlarm DeleteAlarms DescribeAlarms ListTagsForResource "
        "TagResource UntagResource"
    },
    "aws:cloudwatch/dashboard:Dashboard": {
        "cloudwatch": "PutDashboard GetDashboard DeleteDashboards"
    },
    "aws:sns/topic:Topic": {
        "sns": "CreateTopic DeleteTopic GetTopicAttributes SetTopicAttributes "
        "ListTagsForResource TagResource UntagResource"
    },
    "aws:sns/topicPolicy:TopicPolicy": {"sns": "GetTopicAttributes SetTopicAttributes"},
    "aws:sns/topicSubscription:TopicSubscription": {
        "sns": "Subscribe Unsubscribe GetSubscriptionAttributes SetSubscriptionAttributes "
        "ListSubscriptionsByTopic"
    },
    "aws:ssm/parameter:Parameter": {
        "ssm": "PutParameter DeleteParameter GetParameter DescribeParameters "
        "ListTagsForResource AddTagsToResource RemoveTagsFromResource"
    },
    "aws:mwaa/environment:Environment": {
        "airflow": "CreateEnvironment DeleteEnvironment GetEnvironment UpdateEnvironment "
        "TagResource UntagResource ListTagsForResource"
    },
}

# What the program looks up of a VPC, subnets, role, key and bucket that exist already; the last
# look reads it too.
LOOKUPS: Final = (
    "ec2:DescribeRouteTables",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcAttribute",
    "ec2:DescribeVpcs",
    "iam:GetRole",
    "kms:DescribeKey",
    "s3:ListBucket",
)

# Actions that AWS checks against no resource that a policy could name, and reads of what stands
# around a platform under names that nobody can foresee: policies attached to its role.
ANYWHERE: Final = frozenset(
    {
        "airflow:ListEnvironments",
        "cloudwatch:DescribeAlarms",
        "cloudwatch:GetMetricData",
        "iam:GetAccountAuthorizationDetails",
        "iam:GetContextKeysForPrincipalPolicy",
        "iam:GetPolicy",
        "iam:GetPolicyVersion",
        "iam:GetRole",
        "iam:GetRolePolicy",
        "iam:ListAttachedRolePolicies",
        "iam:ListRolePolicies",
        "iam:SimulatePrincipalPolicy",
        "kms:CreateKey",
        "kms:ListAliases",
        "logs:DescribeLogGroups",
        "route53:ListHostedZonesByVPC",
        "route53:ListResourceRecordSets",
        "s3:GetAccountPublicAccessBlock",
        "servicequotas:ListServiceQuotas",
        "sns:GetSubscriptionAttributes",
        "sns:SetSubscriptionAttributes",
        "sns:Unsubscribe",
        "ssm:DescribeParameters",
        "sts:GetCallerIdentity",
    }
)
