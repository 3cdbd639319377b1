"""The demo: two studios, their people and their pictures."""
