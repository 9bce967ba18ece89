"""Large values between the store and whoever wants them: by connection, or by their place where both are here."""

#: Modules that the rest of the house uses.
__all__: list[str] = ["value_service"]
