"""What others recorded of AWS, as the judge of what this project says about it."""
