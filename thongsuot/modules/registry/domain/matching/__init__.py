"""The same person under two records: keys, pairs worth comparing, agreement field by field, weights. Pure."""
