"""The demo: one compound's year, told through the same actions as real life. Every name is invented."""
