"""What Amazon MWAA is: classes, versions, endpoints, options, names and limits, each with its
source."""
