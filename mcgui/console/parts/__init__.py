"""Small widgets that several panels use."""

#: Modules that the rest of the house uses.
__all__: list[str] = [
    "axis_ticks",
    "buttons",
    "drawer_focus",
    "elided_label",
    "empty_state",
    "first_picture",
    "focus_return",
    "hint_room",
    "latest_request",
    "lower_right",
    "panel_notice",
    "scroll_when_small",
    "search_field",
    "tab_order",
    "time_slices",
    "widget_shortcut",
    "window_message_bar",
]
