"""Rules of the objects in the source bucket and of the paths to them."""
