"""The form that says what to run: function, arguments, options, and trying one."""
