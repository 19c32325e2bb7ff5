"""Reading: from the text of an article to claims."""
