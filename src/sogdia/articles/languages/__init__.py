"""Languages of articles: detection, names and figures of other languages, and a reader of the language ru."""
