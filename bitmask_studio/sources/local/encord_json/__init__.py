"""Files of Encord label rows: read tolerantly, saved by splicing."""
