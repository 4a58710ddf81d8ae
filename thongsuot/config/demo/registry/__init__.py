"""The registry of the demo: three school years of pupils, classes, staff and things. `build.build` is the step; `generate`
makes the rows without a database.
"""
