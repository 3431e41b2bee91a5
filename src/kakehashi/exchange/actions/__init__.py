"""Changes of the exchange: own logs written, partners' pages applied, receipts, key sets."""
