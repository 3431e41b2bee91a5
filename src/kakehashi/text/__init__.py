"""Text in German, Japanese and English: language, folding, tokens, sentences and names; plain Python."""
