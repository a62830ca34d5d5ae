"""The package: what each system exported, sealed on disk, and the ZIP that the person gets."""
