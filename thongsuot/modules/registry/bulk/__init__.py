"""People of a file by statements over all rows: stage, matching, comparing, writing, undoing. Called by `actions.importing`,
which asks for the right and sets whose work it is."""
