"""What picture files of other tools say of themselves, read into the words of our own snapshot.

One module per tool. Files come from outside: every text is capped before it is taken apart, nothing
here raises over what a file says, and what a file does not say stays `None`.
"""
