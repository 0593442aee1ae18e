"""Words every room uses: errors, time, codec, schema, limits, state tables, text. Knows nothing of the line."""
