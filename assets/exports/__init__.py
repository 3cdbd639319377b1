"""Pictures on their way out: in which form, under which name, with which list beside them."""
