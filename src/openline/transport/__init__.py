"""Bytes on a path: TLS sessions between pinned keys, the dialler that keeps them up, and a pair for tests.

Knows frames only by their length. What a frame says, and which path to use for it, is the link's business.
"""
