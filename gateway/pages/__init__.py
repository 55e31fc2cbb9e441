"""What people see in a browser: the widget, the messenger in its frame, the sample shop. Built from web/ into `built/` beside this file."""
