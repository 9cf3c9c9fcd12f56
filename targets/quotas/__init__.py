"""Quotas of both lines down the tree, and of the bodies: versions, issuing, sharing a number out."""
