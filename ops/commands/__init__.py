"""The verbs of ``mwaa``: one file each, or a folder with what only that verb uses."""
