"""A scenario on two pages: what moves, what it gains, statuses before and after."""
