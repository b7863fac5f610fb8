"""Rules of class, workers, schedulers and web servers."""
