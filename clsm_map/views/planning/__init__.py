"""Planning: where next, which device to extend, what if."""
