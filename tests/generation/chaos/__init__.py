"""A small site whose processes, Redis, database, disk and clock are treated badly."""
