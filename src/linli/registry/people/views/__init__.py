"""The pages of people: signing in, one's own things, claims."""
