"""One function for each thing the product does, run inside one transaction."""
