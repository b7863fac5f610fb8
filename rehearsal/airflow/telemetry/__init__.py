"""What an environment says of itself: its logs and its metrics, as MWAA publishes them."""
