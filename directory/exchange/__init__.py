"""Listings out to spreadsheets and in from them: reading files safely, cells, resources, the steps in the admin."""
