"""Tests of work on many images."""
