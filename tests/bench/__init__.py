"""Figures as ratios against a floor measured in the same run: `python -m tests.bench` (make bench).

Milliseconds mean little on a machine that one does not know; how many times the floor a thing takes means
the same everywhere. Each figure alternates ours and its floor and takes the median of both.
"""
