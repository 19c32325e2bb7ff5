"""The functions behind ``import sogdia``: from names and files to finished results."""
