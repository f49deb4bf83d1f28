"""Papers as machines read them: their forms, signatures and seals. No database, no clock."""
