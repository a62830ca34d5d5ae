"""Mail to our privacy address: fetched, sealed, read and settled by staff. It does nothing."""
