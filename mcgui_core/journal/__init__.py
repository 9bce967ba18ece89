"""The journal: jobs, arguments, outcomes, failures and output on disk."""
