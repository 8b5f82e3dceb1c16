"""Pictures on this machine: where they lie, and folders of them as sources of label rows."""
