"""The read side: the snapshot and the register, opened once per process."""
