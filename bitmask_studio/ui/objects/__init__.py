"""The dock with the objects of the frame, and the form of what is known of the chosen one."""
