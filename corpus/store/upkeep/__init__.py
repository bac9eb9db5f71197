"""Upgrades, backups and checks of the whole store."""
