"""The grammar of claims: from the words of a sentence to who does what with whom, for how much, and when."""
