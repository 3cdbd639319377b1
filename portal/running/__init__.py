"""`manage.py serve`: the whole site on one machine, its processes watched by one parent."""
