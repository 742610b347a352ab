"""The pages of organisations: the register, contracts, seats, the roster, and what everybody may read."""
