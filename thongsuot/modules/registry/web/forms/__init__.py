"""Forms of the registry: they read what was typed; actions decide and write."""
