"""Forecast: how full a car park will be tomorrow, and how sure that is."""
