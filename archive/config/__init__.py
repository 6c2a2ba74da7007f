"""What configures an archive from outside it: this user's configuration folder, and what the user trusts."""
