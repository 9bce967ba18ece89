"""The form that says what to run: function, arguments, options, and trying one."""

#: Modules that the rest of the house uses.
__all__: list[str] = ["call_style_choice", "job_form", "saved_form"]
