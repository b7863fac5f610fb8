"""What a request says: the identifiers that it names, and in which protocol it says so."""
