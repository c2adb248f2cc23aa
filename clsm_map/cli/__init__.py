"""Commands: one module per group, each with a ``register(app)`` that ``__main__`` calls."""
