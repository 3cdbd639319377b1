"""Tests of the archive's commands."""
