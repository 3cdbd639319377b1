"""What asking for pictures would cost and bring, before it is done."""
