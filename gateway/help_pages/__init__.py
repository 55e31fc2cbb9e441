"""The help centre as people read it: pages made on the server, which need no script. `gateway/help/` is its API."""
