"""An installation of its own that tests may kill: PostgreSQL, worker and web server as real processes."""
