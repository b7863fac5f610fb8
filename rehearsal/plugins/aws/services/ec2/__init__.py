"""EC2: networks, their groups, gateways, endpoints and addresses, and what looks them up."""
