"""What gateways and outside consumers share through Redis."""
