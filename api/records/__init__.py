"""Stored records: sites, conversations, a receipt of every answer, and feedback on answers."""

from api.records.records import Records, open_records

__all__ = ["Records", "open_records"]
