"""The work behind the commands, imported only when a command runs."""
