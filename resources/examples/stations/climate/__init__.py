"""What is reckoned of a row of temperatures."""
