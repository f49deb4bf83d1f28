"""Papers for people: pages and PDF in several languages, printed from their forms."""
