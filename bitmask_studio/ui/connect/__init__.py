"""The dialog that signs in to Encord, and its parts."""
