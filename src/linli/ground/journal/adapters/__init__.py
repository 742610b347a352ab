"""What the log touches outside the database: the folder of published checkpoints."""
