"""Upkeep of the stored data: verification, backups, restoring a backup."""
