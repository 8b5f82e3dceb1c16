"""JSON texts that anybody may have written: where their values lie, what they are, and how to change a few bytes."""
