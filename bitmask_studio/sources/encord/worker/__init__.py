"""The worker process: the only place that imports the Encord SDK."""
