"""The gate: vehicles in one queue before one or more lanes, simulated exactly, with honest intervals."""
