"""What is known of an enterprise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Event:
    """Something that has happened to the enterprise: 首次获得药品注册批件."""

    what: str
    on: date | None = None  # None: the day is not known


@dataclass(frozen=True, slots=True)
class Profile:
    """What is known of an enterprise. None is unknown; words are as people write them.

    `sentence` says any of it in everyday words. An attribute that is given counts instead of what the
    sentence says of the same. Empty strings and tuples are the same as None.
    """

    place: str | None = None  # 湖南省益阳市
    type: str | None = None  # 企业, 医疗机构, 融资担保公司
    industry: str | None = None
    product: str | None = None  # with its class: 第三类创新医疗器械
    stage: str | None = None  # 申报临床, 已上市
    events: tuple[Event, ...] | None = None
    size: str | None = None  # 中型
    revenue: Decimal | None = None  # of a year, in yuan
    investment: Decimal | None = None  # in yuan
    titles: tuple[str, ...] | None = None  # 国家高新技术企业
    sentence: str | None = None
