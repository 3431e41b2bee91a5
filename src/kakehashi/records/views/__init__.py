"""Pages of records: to be read (`reading`), listed (`listing`, `organisations`), written (`writing`)."""
