"""Words of the module: states, kinds, refusals. Pure."""
