"""Work on many images in the background: one module for each kind, and what runs them."""
