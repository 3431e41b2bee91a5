"""People: roles, sign-in, and the viewer that every query asks for."""
