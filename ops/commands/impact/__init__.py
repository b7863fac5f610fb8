"""What a change in the plan does to the running environment, in words."""
