"""What scripts, the console and the command line talk to: masters, clusters, jobs, job documents."""
