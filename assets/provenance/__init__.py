"""What a picture file says of itself, written into it and read back out of it."""
