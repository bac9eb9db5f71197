"""Support facts 扶持事项 of a paper: who can get what, on what condition, from whom and until when."""
