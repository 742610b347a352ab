"""A district full of requests: its tables, its served house, its crowd, and the floor beneath them."""
