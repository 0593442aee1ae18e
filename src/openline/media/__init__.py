"""Sound in and out: browsers, desk phones, and datagrams between nodes. Runs in the voice process."""
