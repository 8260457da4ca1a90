"""What comes in through pages of this app, checked."""
