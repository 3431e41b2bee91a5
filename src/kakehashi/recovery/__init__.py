"""What happens after something was lost: databases put back, damage; and what to do, in words."""
