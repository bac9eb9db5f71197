"""Files for other programs: tables for a spreadsheet, dates for a calendar, changes for a feed reader."""
