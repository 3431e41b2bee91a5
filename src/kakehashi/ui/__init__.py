"""The page around every page: base template, components, style, language."""
