"""Export of the papers for other programs: Parquet files in a folder."""
