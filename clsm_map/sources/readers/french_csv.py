"""What the official CSV files have in common: semicolons, BOM, decimal commas, spaced thousands."""

from __future__ import annotations

import io

import pandas as pd

CONFIDENTIAL = "s"


def read_french_csv(content: bytes) -> pd.DataFrame:
    """Read a semicolon CSV as strings.

    Parameters
    ----------
    content : bytes
        UTF-8, with or without BOM. Trailing columns without a name are dropped.

    Returns
    -------
    pandas.DataFrame
        Every column a stripped string, missing where the cell is empty.
    """
    raw = pd.read_csv(
        io.BytesIO(content),
        sep=";",
        dtype=str,
        encoding="utf-8-sig",
        keep_default_na=False,
        na_values=[""],
    )
    named = [name for name in raw.columns if not str(name).startswith("Unnamed:")]
    return pd.DataFrame({str(name).strip(): raw[name].str.strip() for name in named})


def french_numbers(text: pd.Series) -> pd.Series:
    """Read numbers written the French way.

    Parameters
    ----------
    text : pandas.Series
        Such as ``6 490`` or ``12,3`` (plain, no-break or narrow no-break spaces). ``s``
        (statistical secrecy) and ``nd`` are no numbers.

    Returns
    -------
    pandas.Series
        Floats; NaN for what is secret, not available or empty.

    Raises
    ------
    ValueError
        Something else is not a number.

    Examples
    --------
    >>> french_numbers(pd.Series(["6 490", "-12,3", "s", None])).tolist()
    [6490.0, -12.3, nan, nan]
    """
    silent = text.where(~text.isin([CONFIDENTIAL, "nd"]))
    compact = silent.str.replace(r"[\s\u00a0\u202f]", "", regex=True).str.replace(",", ".")
    return compact.astype(float)
