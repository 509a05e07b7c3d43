"""What the portal promises, proved on the portal itself: `make prove`."""
