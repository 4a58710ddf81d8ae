"""Reads of the module: the door for other modules, for views and for the API."""
