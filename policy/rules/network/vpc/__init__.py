"""Rules of the VPC and its subnets."""
