"""`/api/v2/bot`: what authors of flows and their tools work with. Customers' conversations are not here."""
