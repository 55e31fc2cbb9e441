"""The ports of storage over SQLAlchemy Core: SQLite embedded in the data folder, or PostgreSQL."""
