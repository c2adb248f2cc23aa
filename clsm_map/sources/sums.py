"""Sums that do not hide what is missing."""

from __future__ import annotations

import pandas as pd


def strict_sum(values: pd.Series, by: pd.Series) -> pd.Series:
    """Sum by group, NaN as soon as one value of the group is missing.

    Parameters
    ----------
    values : pandas.Series
        Floats.
    by : pandas.Series
        Group of each; rows without a group are left out.

    Returns
    -------
    pandas.Series
        Indexed by group, sorted.

    Examples
    --------
    >>> strict_sum(pd.Series([1.0, 2.0, None]), pd.Series(["a", "a", "b"])).to_dict()
    {'a': 3.0, 'b': nan}
    """
    groups = values.groupby(by)
    return groups.sum().where(groups.count() == groups.size())
