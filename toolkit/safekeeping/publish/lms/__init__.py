"""Packages for a learning management system: the same parts and questions in the forms that such systems read."""
