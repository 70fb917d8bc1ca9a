"""Anyone suggests a group, or what is wrong with one, without an account; and follows it by a receipt."""
