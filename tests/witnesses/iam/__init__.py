"""IAM: decisions that were recorded, and the simulator that is held against them."""
