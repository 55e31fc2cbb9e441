"""HTTP and WebSockets: who asks, what they may, and the wire forms. Rules and storage are elsewhere."""
