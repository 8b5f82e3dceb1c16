"""The dialog that shows what somebody else changed too, side by side."""
