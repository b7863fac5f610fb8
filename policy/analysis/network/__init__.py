"""What reaches what: routes, network ACLs, security groups, endpoints."""
