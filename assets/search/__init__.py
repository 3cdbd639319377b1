"""How the archive is searched: one form of writing, and the tokens that the index holds."""
