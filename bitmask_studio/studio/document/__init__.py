"""An opened row: its objects, masks and answers, the steps that change them, and what differs from what is stored."""
