"""What editors do to stored papers: corrections, conflicts, withdrawal, deletion, release, rollback."""
