"""What scripts, the console and the command line talk to: masters, clusters, jobs, job documents."""

#: Modules that the rest of the house uses.
__all__: list[str] = [
    "agent_process",
    "argument_blocks",
    "call_arguments",
    "cluster",
    "document_arguments",
    "job",
    "job_arguments",
    "job_document",
    "project_upload",
    "script_export",
    "trust_store",
]
