"""The archive: images, their metadata and files, review and prompt templates."""
