"""What an app sets up for its agents, under `/api/v2`: groups, fields, macros, views, rules, service levels, hours, skills, queues."""
