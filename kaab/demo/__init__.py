"""The demonstration: invented people and concerns, made by the portal's own actions."""
