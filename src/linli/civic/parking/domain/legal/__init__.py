"""The legal check of every bay: rules that are data, measured in metres."""
