"""Rules of VPC endpoints: which exist, where, and what their policies let through."""
