"""Who did what: the row that ends every action."""
