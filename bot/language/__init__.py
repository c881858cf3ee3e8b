"""Languages: catalogues, what CLDR knows, and how texts are handed to translators."""
