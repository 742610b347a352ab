"""The pages of requests: for residents, for the desk, for the repairer."""
