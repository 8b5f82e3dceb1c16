"""The dock with the label rows, and with the projects of an account."""
