"""Settings of the site: `base` for every real process, `test` for the test suite."""
