"""Our APIs and the stream as machines read them: OpenAPI, AsyncAPI, and types for the pages, made of the tables and types in code."""
