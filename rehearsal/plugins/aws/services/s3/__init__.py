"""S3: buckets, their settings and what lies in them."""
