"""Who may open and send what: every address of the house, asked by everybody of the cast."""
