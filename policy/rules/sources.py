"""Where the rules come from: the roots of the pages that rules cite."""

from typing import Final

GUIDE: Final = "https://docs.aws.amazon.com/mwaa/latest/userguide/"
API: Final = "https://docs.aws.amazon.com/mwaa/latest/API/"
VPC: Final = "https://docs.aws.amazon.com/vpc/latest/userguide/"
PRIVATELINK: Final = "https://docs.aws.amazon.com/vpc/latest/privatelink/"
KMS: Final = "https://docs.aws.amazon.com/kms/latest/developerguide/"
S3: Final = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/"
IAM: Final = "https://docs.aws.amazon.com/IAM/latest/UserGuide/"
LOGS: Final = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/"
IMAGES: Final = "https://github.com/aws/amazon-mwaa-docker-images/"
