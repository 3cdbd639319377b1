"""Finding pictures: the language, the documents and their tokens, all without a database."""
