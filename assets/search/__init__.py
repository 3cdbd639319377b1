"""Finding pictures: the language that people write, without any database."""
