"""The sheet of a territory or a device."""
