"""What the service keeps: sites, conversations, a receipt of every answer, what people say about answers."""

from api.records.records import Records, open_records

__all__ = ["Records", "open_records"]
