"""One mail to one person, and which occasions have been mailed already."""
