"""The write side: official sources, their readers, the build of the snapshot."""
