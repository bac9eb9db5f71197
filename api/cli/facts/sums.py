"""Sums of money as options."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from api.cli.options import wrong_call


def yuan(given: str, option: str) -> Decimal | None:
    """A sum as a number or in words of a paper: 5000000, 500万, 1.5亿元."""
    from corpus.notation.figures import FigureKind, figures

    if not given:
        return None
    try:
        value = Decimal(given)
    except InvalidOperation:
        found = figures(given, kinds=(FigureKind.MONEY,))
        if len(found) != 1 or found[0].span.of(given) != given:
            raise wrong_call(f"{given!r} is no sum. Write it as 5000000 or 500万", option) from None
        value = Decimal(found[0].value)
    if not value.is_finite() or value < 0:
        raise wrong_call(f"{given!r} is no sum of money", option)
    return value
