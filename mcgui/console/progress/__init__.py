"""How far the jobs are, and how long they will take."""
