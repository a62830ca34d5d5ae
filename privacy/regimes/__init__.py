"""What each law says: one file per law, each rule with its source and how sure we are of it."""
