"""Encord label rows as JSON has them, from a file or from the wire: read tolerantly, compared, merged by object."""
