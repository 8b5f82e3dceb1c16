"""The questions, sheets and reports that open over a window."""
