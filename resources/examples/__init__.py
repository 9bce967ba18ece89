"""Jobs to begin with, and the scripts of the API that this program took over from minimalcluster."""
