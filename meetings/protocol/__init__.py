"""The approved minutes: drafted from the record as plain data, and shown from that."""
